/** Longest time that a timer of JavaScript can wait, in ms; a longer one fires at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * Calls back after a time.
 *
 * Guarantee: does not keep a Node process alive, unless it is asked to.
 *
 * @returns how to call it off.
 */
export function after(delayMs: number, work: () => void, holdsProcess = false): () => void {
  const timer: unknown = setTimeout(work, Math.min(delayMs, MAX_DELAY_MS));
  // a browser's timer is a number
  if (!holdsProcess) (timer as { unref?: () => void }).unref?.();
  return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0]);
}

/**
 * Waits for work, but no longer than a time.
 *
 * Guarantee: whoever awaits it gets on. Sockets and timers of the kit do not keep Node alive, and a process that ends
 * with its main module still waiting exits with an error; this timer keeps it until there is something to say.
 */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T | undefined> {
  let cancel = (): void => {};
  const late = new Promise<undefined>((resolve) => {
    cancel = after(timeoutMs, () => resolve(undefined), true);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    cancel();
  }
}
