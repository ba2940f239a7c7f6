/**
 * What no pattern lets through, wherever it stands in the text: the first groups of a UUID, or an IPv4 address. A
 * pattern is easily wider than its author thinks, and an identifier hides behind something harmless.
 */
const NO_IDENTIFIER =
  '(?![^]*[0-9A-Fa-f]{8}[-_.][0-9A-Fa-f]{4}[-_.][0-9A-Fa-f]{4})' +
  '(?![^]*\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})';

/** No run that is long enough to be a token, and no three words in a row, as a host name has. */
const NO_TOKEN = '(?!.*[0-9A-Za-z]{15})(?!(?:.*[-+.][A-Za-z]{3}){3})';

/**
 * What may follow the numbers of a version: a small number, a short word that may hold digits (`rc1`, `k3s1`,
 * `rke2r1`), a build of GKE, a commit as `git describe` writes it, or time and commit of a Go pseudo-version.
 */
const VERSION_SUFFIX =
  '(?:\\d{1,2}|[A-Za-z]{1,10}\\d{0,2}(?:[a-z]\\d{0,2})?|gke\\.\\d{4,8}|g[0-9a-f]{7,12}|\\d{14}-[0-9a-f]{12})';

/** Patterns with a name, so that files and the public page say "version" and not a regular expression. */
export const NAMED_PATTERNS = {
  /**
   * `v1.33.1`, `0.26.1`, `v1.33.1-eks-1-33-8`, `1.5.2+k3s1`, `2024.1.0`: two or three numbers, then up to four short
   * parts. Four dotted numbers would be an address, a first number of three digits could be a telephone number.
   */
  version: `^${NO_IDENTIFIER}${NO_TOKEN}v?(?:\\d{1,2}|20\\d{2})\\.\\d{1,3}(?:\\.\\d{1,3})?(?:[-+]${VERSION_SUFFIX}(?:[-+.]${VERSION_SUFFIX}){0,3})?$`,
  /** Up to four lower-case words joined by dashes, with hardly a digit: `cert-manager`, `paas-full`, `k8sgpt-operator`. */
  slug: `^${NO_IDENTIFIER}[a-z]{1,14}(?:\\d{1,2}[a-z]{0,6})?(?:-[a-z]{1,14}\\d{0,2}){0,3}$`,
} as const;

/**
 * The regular expression that a rule's `pattern` stands for.
 *
 * Shape: a name of {@link NAMED_PATTERNS}, or `/expression/`. Guarantee: it matches whole texts only, and none that
 * holds a UUID or an IPv4 address.
 * @returns undefined when the name is not known or the expression does not compile.
 */
export function compilePattern(pattern: string): RegExp | undefined {
  const source = sourceOf(pattern);
  if (source === undefined) return undefined;
  try {
    return new RegExp(`^${NO_IDENTIFIER}(?:${source})$`, 'u');
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
