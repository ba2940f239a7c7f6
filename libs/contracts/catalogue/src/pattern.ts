/**
 * What no named pattern lets through, wherever it stands in the text: the beginning of a UUID, an IPv4 address, a run
 * long enough to be a token. A version may end in a vendor's own words, and words could be identifiers.
 */
const NOT_AN_IDENTIFIER =
  '(?!.*[0-9A-Fa-f]{8}[-_.][0-9A-Fa-f]{4}[-_.][0-9A-Fa-f]{4})' +
  '(?!.*\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})' +
  '(?!.*[0-9A-Za-z]{15})';

/** Patterns with a name, so that files and the public page say "version" and not a regular expression. */
export const NAMED_PATTERNS = {
  /**
   * `v1.33.1`, `0.26.1`, `v1.33.1-eks-1-33-8`, `1.5.2+k3s1`, `2024.1.0`: two or three numbers, then up to five short
   * words. Four dotted numbers would be an address, a first number of three digits could be a telephone number.
   */
  version: `^${NOT_AN_IDENTIFIER}v?(?:\\d{1,2}|20\\d{2})\\.\\d{1,3}(?:\\.\\d{1,3})?(?:[-+][0-9A-Za-z]{1,14}(?:[-+.][0-9A-Za-z]{1,14}){0,4})?$`,
  /** Up to four lower-case words joined by dashes, with hardly a digit: `cert-manager`, `paas-full`, `k8sgpt-operator`. */
  slug: `^${NOT_AN_IDENTIFIER}[a-z]{1,14}(?:\\d{1,2}[a-z]{0,6})?(?:-[a-z]{1,14}\\d{0,2}){0,3}$`,
} as const;

/**
 * The regular expression that a rule's `pattern` stands for.
 *
 * Shape: a name of {@link NAMED_PATTERNS}, or `/expression/`. Guarantee: it matches whole texts only.
 * @returns undefined when the name is not known or the expression does not compile.
 */
export function compilePattern(pattern: string): RegExp | undefined {
  const source = sourceOf(pattern);
  if (source === undefined) return undefined;
  try {
    return new RegExp(`^(?:${source})$`, 'u');
  } catch {
    return undefined;
  }
}

function sourceOf(pattern: string): string | undefined {
  if (Object.hasOwn(NAMED_PATTERNS, pattern))
    return NAMED_PATTERNS[pattern as keyof typeof NAMED_PATTERNS];
  const isExpression = pattern.length > 2 && pattern.startsWith('/') && pattern.endsWith('/');
  return isExpression ? pattern.slice(1, -1) : undefined;
}
