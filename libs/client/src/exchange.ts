import type { ClientAnswer, ClientRequest, ClientTransport } from './ports.ts';
import { after } from './timers.ts';

/** When to stop waiting for an answer. */
export interface Patience {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sends one request and waits for its answer, whatever the transport does.
 *
 * Guarantee: never rejects; settles within `timeoutMs`, or as soon as the signal is given.
 *
 * @returns undefined when there is no answer.
 */
export async function exchange(
  transport: ClientTransport,
  request: ClientRequest,
  { timeoutMs, signal }: Patience,
): Promise<ClientAnswer | undefined> {
  const abort = new AbortController();
  const giveUp = (): void => abort.abort();
  const cancel = after(timeoutMs, giveUp);
  const stopped = new Promise<undefined>((resolve) => {
    abort.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    return toAnswer(await Promise.race([transport.send(request, abort.signal), stopped]));
  } catch {
    return undefined;
  } finally {
    cancel();
    signal.removeEventListener('abort', giveUp);
  }
}

/** A transport of somebody else's may answer anything. */
function toAnswer(answer: ClientAnswer | undefined): ClientAnswer | undefined {
  if (answer === undefined) return undefined;
  const { status, retryAfter, body } = answer;
  return {
    status: Number(status),
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    body: typeof body === 'string' ? body : '',
  };
}

/** What became of a batch: the server has it, wants none of it, or may take it later. */
export type Verdict = 'stored' | 'refused' | 'later';

/** @returns what a status means for the batch; `undefined` stands for no answer. */
export function toVerdict(status: number | undefined): Verdict {
  if (status === undefined) return 'later';
  if (status >= 200 && status < 300) return 'stored';
  return status === 429 || status >= 500 ? 'later' : 'refused';
}

/**
 * Reads `Retry-After`, in seconds or as a date.
 *
 * @returns ms from now, 0 or more; undefined when it says nothing that can be understood.
 * @see RFC 9110, section 10.2.3
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,10}$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
