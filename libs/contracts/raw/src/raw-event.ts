import { z } from 'zod';

/**
 * One event as the gateway writes it to the raw topic: one NDJSON line. It may hold identifiers in clear and is
 * read by the anonymizer only.
 *
 * Never in it: the client's address, cookies, credentials, forwarded-for or geo headers.
 */
export const RawEventSchema = z.object({
  /** Catalogue name of the project, resolved by the gateway. */
  project: z.string(),
  /** Which wire dialect the event came in. */
  dialect: z.string(),
  event: z.string(),
  /** From the wire; else a hash or a random UUID made by the gateway. Equal for a retry. */
  event_id: z.string(),
  /** The installation's own identifier in clear; empty when the event names none. */
  installation_id: z.string(),
  /** The client's own time, epoch ms; null when the wire has none. */
  occurred_at: z.number().nullable(),
  /** The gateway's time, epoch ms. */
  received_at: z.number(),
  properties: z.record(z.string(), z.unknown()),
  /** Metric samples of a push (Prometheus text); absent in all other events. */
  samples: z
    .array(
      z.object({
        name: z.string(),
        labels: z.record(z.string(), z.string()),
        value: z.number(),
      }),
    )
    .optional(),
});

/** @see RawEventSchema */
export interface RawEvent {
  readonly project: string;
  readonly dialect: string;
  readonly event: string;
  readonly event_id: string;
  readonly installation_id: string;
  readonly occurred_at: number | null;
  readonly received_at: number;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly samples?: readonly RawSample[] | undefined;
}

/** One line of a Prometheus push. `value` is finite. */
export interface RawSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}
