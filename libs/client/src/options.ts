import type { ClientStorage, ClientTransport } from './ports.ts';

/** Bounds of memory and time. Each has a default that suits a command line as well as a service. */
export interface ClientLimits {
  /** Events that wait; the oldest are dropped, and counted. */
  readonly maxQueueEvents: number;
  /** Bytes of them. */
  readonly maxQueueBytes: number;
  /** A larger event is dropped, and counted. */
  readonly maxEventBytes: number;
  readonly maxBatchEvents: number;
  readonly maxBatchBytes: number;
  /** How long events are gathered before they are sent. */
  readonly flushIntervalMs: number;
  readonly requestTimeoutMs: number;
  /** Tries of one batch, the first included. */
  readonly maxAttempts: number;
  /** Longest time that a `Retry-After` is waited for with a batch in hand; asked for more, the batch is given up. */
  readonly maxRetryAfterMs: number;
}

/** What a project says about itself once. */
export interface ClientOptions {
  /** Where the gateway is, `https://…`, with a path when it has one. */
  readonly endpoint: string;
  /** The project's name in the catalogue. */
  readonly project: string;
  /** Sent with each event, as the property that {@link versionProperty} names. */
  readonly appVersion?: string | undefined;
  /** Name of that property in the catalogue; `version` when absent. */
  readonly versionProperty?: string | undefined;
  /** Sent with each event; an event's own properties win. */
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
  /** The project's own variable: set to anything but empty, 0, false, no or off, it switches telemetry off. */
  readonly optOutVariable?: string | undefined;
  /** The command that calls `disable()`, for the notice. */
  readonly disableCommand?: string | undefined;
  /** The project's name for people, for the notice. */
  readonly title?: string | undefined;
  /** The whole text of the notice, when the one that is made does not do. */
  readonly notice?: string | undefined;
  /** For a project whose events need one. It is no secret: whoever has the program has it. */
  readonly writeKey?: string | undefined;
  /** Instead of the file or `localStorage`. */
  readonly storage?: ClientStorage | undefined;
  /** Instead of HTTP as the platform has it, for one that needs a proxy. */
  readonly transport?: ClientTransport | undefined;
  /** Shows each request and sends none. In Node the variable `ROLLCALL_PRINT=1` does so too, to stderr. */
  readonly print?: ((text: string) => void) | undefined;
  /** Whether `disable()` adds one to the number of installations that opted out; nothing else is said. On by default. */
  readonly countOptOut?: boolean | undefined;
  readonly limits?: Partial<ClientLimits> | undefined;
}

export const DEFAULT_LIMITS: ClientLimits = {
  maxQueueEvents: 1_000,
  maxQueueBytes: 512 * 1_024,
  maxEventBytes: 32 * 1_024,
  maxBatchEvents: 100,
  // what a browser lets a page send while it is left, in all
  maxBatchBytes: 60_000,
  flushIntervalMs: 1_000,
  requestTimeoutMs: 3_000,
  maxAttempts: 3,
  maxRetryAfterMs: 60_000,
};

/** Options after they were checked, with defaults and addresses. */
export interface Settings {
  readonly eventsUrl: string;
  readonly optOutUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly notice: string;
  readonly countsOptOut: boolean;
  readonly limits: ClientLimits;
}

const PROJECT_NAME = /^[a-z][a-z0-9-]{0,62}$/;
/** Visible ASCII: what a header can carry. */
const HEADER_TEXT = /^[\x21-\x7e]+$/;

/**
 * Checks options and fills in defaults.
 *
 * @throws Error for an endpoint that is no http(s) address, a project name that cannot be one, a key that no header can
 * carry. The client that is made then is off and says so: a typing error must not break the program around it.
 */
export function toSettings(options: ClientOptions, contentType: string): Settings {
  const base = toBase(options);
  const { writeKey, appVersion, versionProperty = 'version' } = options;
  if (writeKey !== undefined && !HEADER_TEXT.test(writeKey)) throw new Error('writeKey');
  return {
    eventsUrl: `${base}/events`,
    optOutUrl: `${base}/opt-out`,
    headers: {
      'content-type': contentType,
      ...(writeKey !== undefined && { 'x-write-key': writeKey }),
    },
    properties: {
      ...(appVersion !== undefined && { [versionProperty]: appVersion }),
      ...options.properties,
    },
    notice: options.notice ?? toNotice(options, base),
    countsOptOut: options.countOptOut !== false,
    limits: toLimits(options.limits),
  };
}

function toBase({ endpoint, project }: ClientOptions): string {
  const { protocol, origin, pathname } = new URL(endpoint);
  if (!/^https?:$/.test(protocol)) throw new Error('endpoint');
  if (!PROJECT_NAME.test(project)) throw new Error('project');
  return `${origin}${pathname.replace(/\/+$/, '')}/p/${project}`;
}

function toNotice(options: ClientOptions, base: string): string {
  const { title = options.project, optOutVariable: variable, disableCommand: command } = options;
  const ways = [
    ...(command === undefined ? [] : [`run "${command}"`]),
    `set ${variable === undefined ? '' : `${variable}=1 or `}DO_NOT_TRACK=1`,
  ];
  return [
    `${title} sends usage data to its maintainers. What is sent, what never is, and for how long it is kept:`,
    `${base}/privacy`,
    `To switch it off, ${ways.join(', or ')}.`,
  ].join('\n');
}

/** Takes only positive numbers: a limit that is none must not become "no limit". */
function toLimits(given: Partial<ClientLimits> = {}): ClientLimits {
  const names = Object.keys(DEFAULT_LIMITS) as (keyof ClientLimits)[];
  const entries = names.map((name) => {
    const value = Number(given[name]);
    return [name, value >= 1 && Number.isFinite(value) ? value : DEFAULT_LIMITS[name]] as const;
  });
  return Object.fromEntries(entries) as Record<keyof ClientLimits, number>;
}
