/** What the console's own pages get from its API. No page reads anything else. */

export type ApiCell = string | number | null;

export interface ApiColumn {
  readonly name: string;
  readonly kind: 'day' | 'label' | 'number' | 'count';
}

/** How a figure is drawn. */
export type ApiDrawing = 'ladder' | 'lines' | 'shares' | 'retention';

/** What is known of a figure without asking the store. */
export interface ApiFigureHead {
  readonly id: string;
  readonly title: string;
  readonly drawing: ApiDrawing;
  /** What exactly is counted. */
  readonly definition: string;
  /** The query, to be run by whoever may. */
  readonly sql: string;
  /** Values of the query's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface ApiFigure extends ApiFigureHead {
  readonly project: string;
  /** RFC 3339; when the store was asked. */
  readonly made_at: string;
  /** No count below this is told, and all are rounded down to a multiple of it. */
  readonly least_count: number;
  readonly columns: readonly ApiColumn[];
  readonly rows: readonly (readonly ApiCell[])[];
}

export interface ApiProjectHead {
  readonly name: string;
  readonly title: string;
  readonly homepage: string;
  readonly why: string;
}

export interface ApiProject extends ApiProjectHead {
  readonly least_count: number;
  readonly figures: readonly ApiFigureHead[];
  readonly opt_out: readonly { title: string; instruction: string; command?: string | undefined }[];
}

/** Problem details (RFC 9457). */
export interface ApiProblem {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

export interface ApiSession {
  readonly is_signed_in: boolean;
}

export interface ApiStage {
  readonly name: 'gateway' | 'anonymizer' | 'sink';
  readonly is_ready: boolean;
  /** Since the service started; null when it does not answer. */
  readonly events: number | null;
  /** Records behind the end of its topics, where the stage consumes. */
  readonly lag: number | null;
  /** Bytes on disk that Kafka has not got yet. */
  readonly spooled_bytes: number | null;
}

export interface ApiPipeline {
  /** RFC 3339. */
  readonly at: string;
  readonly stages: readonly ApiStage[];
}

export interface ApiRejection {
  readonly project: string;
  readonly stage: string;
  readonly code: string;
  readonly title: string;
  readonly count: number;
  /** Of these, those whose record can be found again and produced once more. */
  readonly replayable: number;
  readonly topic: string;
  readonly last_at: string;
}

/** What a piece of a replay came to, in counts. */
export interface ApiReplay {
  /** Records in which something was refused. */
  readonly records: number;
  /** Lines that were produced once more; in a dry run, that would be. */
  readonly lines: number;
  /** Lines that were left out because an equal one went out in the same piece. */
  readonly repeated: number;
  /** Records that are not in Kafka any more. */
  readonly missing: number;
  /** What to send as `after` for the next piece; null when this was the last one. */
  readonly next: string | null;
}

/** What did not fit a project's catalogue on a day, by kind. Never by name: a client chose it. */
export interface ApiDropped {
  readonly day: string;
  readonly code: string;
  readonly title: string;
  readonly count: number;
}

export interface ApiDeclaredEvent {
  readonly name: string;
  readonly purpose: string;
  /** Null when there are too many to be counted while somebody waits. */
  readonly count: number | null;
  readonly fields: readonly {
    readonly path: string;
    readonly treatment: string;
    /** Events that carried it; null as above. */
    readonly count: number | null;
  }[];
}

export interface ApiDeclaredMetric {
  readonly name: string;
  readonly purpose: string;
  /** Samples of it. */
  readonly count: number;
}

/** A project's catalogue beside what came. */
export interface ApiCatalogue {
  readonly project: string;
  readonly dropped: readonly ApiDropped[];
  readonly events: readonly ApiDeclaredEvent[];
  readonly metrics: readonly ApiDeclaredMetric[];
}

/** How far an erasure is. Nothing in it tells whose it was. */
export interface ApiErasure {
  readonly receipt: string;
  readonly project: string;
  readonly status: string;
  readonly requested_at: string;
  /** Rows that were deleted, by table. */
  readonly rows: Readonly<Record<string, number>>;
}

export interface ApiQueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  /** Whether there were more rows than are shown. */
  readonly is_cut: boolean;
  readonly elapsed_ms: number;
  readonly rows_read: number;
}
