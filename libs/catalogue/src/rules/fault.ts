/** What a rule found, before it is given its file and line. */
export interface Fault {
  readonly at: readonly string[];
  readonly problem: string;
  readonly advice: string;
}

/** Names each value that a list holds more than once. */
export function repeated<T>(values: readonly T[]): T[] {
  const seen = new Set<T>();
  const again = new Set<T>();
  for (const value of values) (seen.has(value) ? again : seen).add(value);
  return [...again];
}
