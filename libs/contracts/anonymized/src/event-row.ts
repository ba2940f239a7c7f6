/**
 * A row of `rollcall.events`: one NDJSON line of the anonymized topic. Written by the anonymizer, carried as bytes by
 * the sink. Column comments are in the migrations; a test keeps both lists equal.
 *
 * Instants are `YYYY-MM-DD hh:mm:ss[.SSS]`, UTC, the form that ClickHouse reads fastest.
 */
export interface EventRow {
  readonly project: string;
  readonly dialect: string;
  readonly event: string;
  /** UUID made by keyed hash of the wire's id: equal for a retry, not reversible. */
  readonly event_id: string;
  /** Pseudonym, 32 hex digits; empty when the event names no installation. */
  readonly installation: string;
  /** Epoch of the key that made the pseudonym; 0 without one. */
  readonly key_epoch: number;
  readonly app_version: string;
  readonly kubernetes_version: string;
  readonly os: string;
  readonly arch: string;
  readonly provider: string;
  /** The client's time clamped to received_at ± the allowed skew. */
  readonly occurred_at: string;
  /** The client's time as it was sent; null when the wire has none. */
  readonly client_occurred_at: string | null;
  readonly received_at: string;
  /** When retention ends. */
  readonly expires_at: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly raw_partition: number;
  /** Decimal string: ClickHouse reads it into UInt64. */
  readonly raw_offset: string;
  readonly raw_index: number;
  /** 1 when a filter of the catalogue holds for the event as it was sent. */
  readonly is_ci: 0 | 1;
  readonly is_dev: 0 | 1;
  readonly is_fork: 0 | 1;
}

/** A row of `rollcall.metric_samples`: one sample of a push that is one row of `rollcall.events`. */
export interface MetricSampleRow {
  readonly project: string;
  /** Of the push. */
  readonly event_id: string;
  /** Position in the push: with event_id it is equal for a retry. */
  readonly sample_index: number;
  readonly installation: string;
  readonly key_epoch: number;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Sum of the push's samples of this name and these labels: where there is one, its value. Always finite. */
  readonly pushed: number;
  readonly occurred_at: string;
  readonly received_at: string;
  readonly expires_at: string;
}
