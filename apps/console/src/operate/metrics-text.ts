/**
 * The sum of a metric's samples in what our own services answer at `/metrics`.
 *
 * @param labels samples that have all of these
 * @returns undefined when there is no sample
 */
export function sumOf(
  text: string,
  metric: string,
  labels: readonly string[] = [],
): number | undefined {
  let sum: number | undefined;
  for (const line of text.split('\n')) {
    const [, name, labelText = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name !== metric || labels.some((label) => !labelText.includes(label))) continue;
    sum = (sum ?? 0) + Number(value);
  }
  return sum;
}
