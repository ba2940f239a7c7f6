import { OPT_OUT_EVENT, type DialectName } from '@rollcall/contracts-catalogue';
import type { RawEvent } from '@rollcall/contracts-raw';
import type {
  Decoded,
  EventNote,
  IngestResult,
  WireEvent,
  WireRejection,
} from '@rollcall/dialects';
import type { DeclaredEvents } from './declared-types.ts';
import { findWrongType } from './declared-types.ts';
import { eventIdOf } from './event-identity.ts';

/** Who sent a request and when it came. */
export interface IngestContext {
  readonly project: string;
  readonly dialect: DialectName;
  /** Epoch ms. */
  readonly receivedAt: number;
}

export interface IngestPorts {
  /** Resolves when the lines are durable. */
  readonly append: (lines: Buffer, eventCount: number) => Promise<void>;
  readonly declared: ReadonlyMap<string, DeclaredEvents>;
  readonly maxEventBytes: number;
}

/** The events of a request that may go on, one NDJSON line each. `indexes[i]` is line i's place in the request. */
export interface EncodedRequest {
  readonly lines: string;
  readonly indexes: readonly number[];
  readonly rejected: readonly WireRejection[];
  /** What of these events is not as it was sent. */
  readonly notes: readonly EventNote[];
}

/** What a client is told, and what is counted of the events that were accepted. */
export interface Accepted extends IngestResult {
  readonly notes: readonly EventNote[];
}

/**
 * The gateway's core: decoded events → checked against the catalogue → encoded → durable → counted.
 *
 * Guarantee: resolves only when every event counted as accepted is in Kafka; one bad event costs no other; nothing of
 * an event is in a rejection but the names of declared fields.
 * @throws GW_UNAVAILABLE when Kafka did not take them.
 */
export class IngestService {
  readonly #ports: IngestPorts;

  constructor(ports: IngestPorts) {
    this.#ports = ports;
  }

  async accept(decoded: Decoded, context: IngestContext): Promise<Accepted> {
    const { lines, indexes, rejected, notes } = this.encode(decoded, context);
    if (indexes.length > 0) await this.#ports.append(Buffer.from(lines), indexes.length);
    return { acceptedCount: indexes.length, rejected, notes };
  }

  /** The NDJSON lines of the events that the catalogue allows, and what was refused. */
  encode(decoded: Decoded, context: IngestContext): EncodedRequest {
    const rejected = [...decoded.rejected];
    const indexes: number[] = [];
    const notes: EventNote[] = [];
    let lines = '';
    decoded.events.forEach((event, position) => {
      const index = decoded.indexes[position] ?? position;
      const refusal = this.#check(event, context);
      if (refusal !== undefined) {
        rejected.push({ index, ...refusal });
        return;
      }
      const line = JSON.stringify(toRawEvent(event, context));
      // A push of metrics is one event of many samples; the limit of the body holds it.
      if (line.length > this.#ports.maxEventBytes && event.samples === undefined) {
        rejected.push({
          index,
          code: 'GW_EVENT_TOO_LARGE',
          detail: `more than ${this.#ports.maxEventBytes} bytes`,
        });
        return;
      }
      lines += line + '\n';
      indexes.push(index);
      if (event.notes !== undefined) notes.push(...event.notes);
    });
    rejected.sort((a, b) => a.index - b.index);
    return { lines, indexes, rejected, notes };
  }

  #check(
    event: WireEvent,
    { project, dialect }: IngestContext,
  ): Omit<WireRejection, 'index'> | undefined {
    const types = this.#ports.declared.get(project)?.typesOf(event.event);
    if (types === undefined)
      return {
        code: 'GW_EVENT_UNKNOWN',
        detail: 'the catalogue of this project does not name this event',
      };
    // A client that was written for Rollcall can be told; the others' fields are judged one by one by the anonymizer.
    if (dialect !== 'native') return undefined;
    const wrong = findWrongType(event.properties, types);
    if (wrong === undefined) return undefined;
    return {
      code: 'GW_FIELD_TYPE',
      detail: `properties.${wrong.path} must be of type ${wrong.expected}`,
    };
  }
}

function toRawEvent(event: WireEvent, { project, dialect, receivedAt }: IngestContext): RawEvent {
  return {
    project,
    dialect,
    event: event.event,
    event_id: eventIdOf(project, event),
    // an opt-out is a count: whoever sends one by hand with an identifier in it is not identified by it
    installation_id: event.event === OPT_OUT_EVENT ? '' : event.installationId,
    occurred_at: event.occurredAt,
    received_at: receivedAt,
    properties: event.properties,
    samples: event.samples,
  };
}
