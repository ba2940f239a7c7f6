/**
 * Does work for its effect, on functions that others wrote.
 *
 * Guarantee: never throws, and leaves no promise that nobody looks after: a rejection of one would end the process.
 *
 * @returns what the work returned, or the fallback.
 */
export function quietly<T>(fallback: T, work: () => T): T {
  try {
    const result = work();
    if (typeof result === 'object' && result !== null) Promise.resolve(result).catch(() => {});
    return result;
  } catch {
    return fallback;
  }
}
