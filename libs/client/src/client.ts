import { toSettings, type ClientOptions } from './options.ts';
import type { ClientRequest, Surroundings } from './ports.ts';
import { quietly } from './quiet.ts';
import { toStatus, type ClientStatus } from './status.ts';
import { Telemetry, type DryRunAnswer } from './telemetry.ts';

/** How long `close` waits when it is not told, in ms: long enough for an answer, too short to be noticed as a hang. */
const CLOSE_TIMEOUT_MS = 500;

/** How long to wait, in ms. */
export interface WaitOptions {
  readonly timeoutMs?: number | undefined;
}

/**
 * What a program calls to send events about itself.
 *
 * Guarantee: no method throws or rejects, and none waits for the network unless it returns a promise, which then
 * settles in a time that was set. While telemetry is off, nothing is sent, and nothing is stored except a choice.
 */
export interface Client {
  /** Takes an event in, to be sent soon. Properties are written down at once; what JSON cannot say is left out. */
  readonly capture: (event: string, properties?: Readonly<Record<string, unknown>>) => void;
  /** Whether telemetry is on, and why. */
  readonly status: () => ClientStatus;
  /** Switches telemetry on here; what the environment or the browser refuses stays refused. Says whether it is stored. */
  readonly enable: () => boolean;
  /** Switches telemetry off here, forgets what waits, and counts one opt-out. Says whether it is stored. */
  readonly disable: () => boolean;
  /** Makes a new installation id, or while telemetry is off forgets the old one. Says whether it is stored. */
  readonly reset: () => boolean;
  /** Exactly what would be sent for an event, on or off; undefined for an event that would be dropped. */
  readonly preview: (
    event: string,
    properties?: Readonly<Record<string, unknown>>,
  ) => ClientRequest | undefined;
  /** What the gateway would keep of an event. It is asked only while telemetry is on; undefined when it does not say. */
  readonly dryRun: (
    event: string,
    properties?: Readonly<Record<string, unknown>>,
  ) => Promise<DryRunAnswer | undefined>;
  /** What a person is told before the first event: the text once per installation, then undefined. */
  readonly notice: () => string | undefined;
  /** Sends what waits. Holds the process for as long as it waits: at most `timeoutMs`, by default one request's time. */
  readonly flush: (options?: WaitOptions) => Promise<void>;
  /** Sends what waits, for at most `timeoutMs` (500), then drops the rest and ends all connections. */
  readonly close: (options?: WaitOptions) => Promise<void>;
}

/**
 * Makes a client out of options and what it runs in.
 *
 * Guarantee: never throws. With options that are not valid the client is off and says `misconfigured`.
 */
export function createClientIn(
  options: ClientOptions,
  lookAround: (options: ClientOptions) => Surroundings,
): Client {
  const telemetry = quietly(undefined, () => {
    const around = lookAround(options);
    return new Telemetry(toSettings(options, around.contentType), around);
  });
  const call = <T>(fallback: T, work: (telemetry: Telemetry) => T): T =>
    telemetry === undefined ? fallback : quietly(fallback, () => work(telemetry));
  const wait = async <T>(work: (telemetry: Telemetry) => Promise<T>): Promise<T | undefined> => {
    try {
      return telemetry && (await work(telemetry));
    } catch {
      return undefined;
    }
  };
  let closing: Promise<void> | undefined;
  return {
    capture: (event, properties) => call(undefined, (it) => it.capture(event, properties)),
    status: () => call(toStatus('misconfigured'), (it) => it.status()),
    enable: () => call(false, (it) => it.enable()),
    disable: () => call(false, (it) => it.disable()),
    reset: () => call(false, (it) => it.reset()),
    preview: (event, properties) => call(undefined, (it) => it.preview(event, properties)),
    dryRun: (event, properties) => wait((it) => it.dryRun(event, properties)),
    notice: () => call(undefined, (it) => it.notice()),
    flush: (given) => wait((it) => it.flush(toTimeout(given))),
    close: (given) => (closing ??= wait((it) => it.close(toTimeout(given) ?? CLOSE_TIMEOUT_MS))),
  };
}

/** A time that is none must not become "for ever", nor "not at all". */
function toTimeout(options: WaitOptions | undefined): number | undefined {
  const timeoutMs = Number(options?.timeoutMs);
  return timeoutMs >= 0 && Number.isFinite(timeoutMs) ? timeoutMs : undefined;
}
