import type { PromotedColumn } from '@rollcall/contracts-catalogue';
import type { RawEvent, RawSample } from '@rollcall/contracts-raw';
import type { DropLog } from './drop-log.ts';
import type { FilterFlags } from './filters.ts';
import type { FieldPolicy, MetricPolicy, PolicyBranch, ProjectPolicy } from './policy.ts';
import type { ProjectKeys } from './project-keys.ts';
import type { Pseudonym } from './pseudonym.ts';
import type { Treated } from './treatments/treatment.ts';

/** Where an event stands in the raw topic. */
export interface RawCoordinates {
  readonly partition: number;
  /** Decimal string: it may pass 2^53. */
  readonly offset: string;
  /** Line within the record. */
  readonly index: number;
}

/**
 * What one event becomes on its way through the steps. Each step takes one of these and gives the next; from
 * {@link PseudonymizedEvent} on no identifier is in clear, except in the list that the last step searches for.
 */
interface Stage {
  readonly policy: ProjectPolicy;
  readonly coordinates: RawCoordinates;
  readonly drops: DropLog;
}

/** A line of a raw record as a JSON value, before anyone has looked at it. */
export interface UnreadEvent {
  readonly value: unknown;
  readonly coordinates: RawCoordinates;
  readonly drops: DropLog;
}

export interface ReadEvent extends Omit<UnreadEvent, 'value'> {
  readonly raw: RawEvent;
}

/** Its project and its name are in the catalogue, and the project has keys. */
export interface KnownEvent extends Stage {
  readonly raw: RawEvent;
  readonly fieldsPolicy: PolicyBranch;
  readonly keys: ProjectKeys;
}

/** A value that the catalogue names, with what is to be done with it. */
export interface DeclaredField {
  readonly policy: FieldPolicy;
  readonly value: unknown;
}

export interface DeclaredSample {
  /** Position in the push. */
  readonly index: number;
  readonly name: string;
  readonly policy: MetricPolicy;
  readonly labels: readonly DeclaredField[];
  readonly value: RawSample['value'];
}

/** Its fields are those that the catalogue names; what else was sent is out of the later steps' sight. */
export interface DeclaredEvent extends Stage {
  readonly raw: Omit<RawEvent, 'properties' | 'samples'>;
  readonly keys: ProjectKeys;
  readonly fields: readonly DeclaredField[];
  readonly samples: readonly DeclaredSample[];
}

/** What is known of an event besides its fields. */
interface EventFacts {
  readonly dialect: string;
  readonly event: string;
  readonly eventId: string;
  /** Empty when the event names no installation. */
  readonly installation: Pseudonym | '';
  readonly keyEpoch: number;
  /** Epoch ms; null when the wire has none. */
  readonly clientTime: number | null;
  /** Epoch ms. */
  readonly receivedAt: number;
  /** What was in clear before, for the search at the end. It goes into no row. */
  readonly identifiers: readonly string[];
  /** Pseudonyms in the fields: hex digits that may contain a short identifier by chance. */
  readonly pseudonyms: readonly string[];
}

/** Identifiers have become pseudonyms. */
export interface PseudonymizedEvent extends Stage {
  readonly facts: EventFacts;
  readonly fields: readonly DeclaredField[];
  readonly samples: readonly DeclaredSample[];
}

export interface TreatedSample {
  readonly index: number;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export type Properties = { [key: string]: Treated | Properties };
export type Columns = Record<PromotedColumn, string>;

/** Every field has had its treatment. */
export interface GeneralizedEvent extends Stage {
  readonly facts: EventFacts;
  readonly properties: Properties;
  readonly columns: Columns;
  readonly flags: FilterFlags;
  readonly samples: readonly TreatedSample[];
}

/** Instants of a row as ClickHouse reads them. */
export interface RowInstants {
  readonly occurredAt: string;
  readonly clientOccurredAt: string | null;
  readonly receivedAt: string;
  readonly expiresAt: string;
}

export interface TimedEvent extends GeneralizedEvent {
  readonly instants: RowInstants;
}

/** An event as lines of the anonymized topic, each ended by `\n`. */
export interface EncodedEvent {
  readonly facts: EventFacts;
  /** One row of `rollcall.events`. */
  readonly eventLine: string;
  /** Rows of `rollcall.metric_samples`. */
  readonly sampleLines: readonly string[];
}
