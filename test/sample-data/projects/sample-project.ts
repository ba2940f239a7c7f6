import type { Expression, Field } from '../expressions.ts';

/** One of the things that clients of a project send. */
export interface SampleEvent {
  readonly event: string;
  /** Its share among the events of the project. */
  readonly weight: number;
  readonly properties: Readonly<Record<string, Field>>;
  /** What the columns of the same names get; empty when the event does not tell. */
  readonly tells: readonly ('app_version' | 'kubernetes_version' | 'os' | 'arch' | 'provider')[];
  /** False for what names nobody. */
  readonly namesInstallation?: false;
  /** What a push of metrics brings. */
  readonly samples?: readonly SampleMetric[];
}

/** How the sample of a project looks. */
export interface SampleProject {
  readonly name: string;
  /** Its share of all events, in percent. */
  readonly percent: number;
  readonly retentionDays: number;
  /** How many events an installation sends on a day on which it sends any, about. */
  readonly eventsPerDay: number;
  /** 1: all are alike. More: few installations send most, many are hardly seen. */
  readonly unevenness: number;
  /** Whether people start it, who rest at weekends, or a cluster does. */
  readonly isByHand: boolean;
  /** Whether its clients say when an event happened. */
  readonly tellsTime: boolean;
  /** Releases from old to new, spread over the year. */
  readonly releases: readonly string[];
  /** Version of a build that is no release. */
  readonly devVersion: string;
  /** What a fork adds to a version, where a filter of the catalogue looks for it. */
  readonly forkSuffix?: string;
  /** Provider by which a filter of the catalogue knows continuous integration. */
  readonly ciProvider?: string;
  readonly providers: Readonly<Record<string, number>>;
  readonly systems: Readonly<Record<string, number>>;
  readonly events: readonly SampleEvent[];
}

/** One sample of a push of metrics. */
export interface SampleMetric {
  readonly name: string;
  readonly labels: Readonly<Record<string, Expression>>;
  readonly value: Expression;
}
