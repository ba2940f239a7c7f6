/**
 * Forms that identifiers have and that no version, name or platform needs. A pattern in a catalogue can be wider than
 * its author thinks; this is the second lock on that door. It only ever refuses: nothing is trusted for its looks.
 */
const SHAPES: readonly RegExp[] = [
  // e-mail, user@host
  /@/,
  // UUID, also without its last groups
  /[0-9a-f]{8}[-_.][0-9a-f]{4}[-_.][0-9a-f]{4}/i,
  // IPv4, also after a dot: it may be the last part of a path
  /(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)/,
  // IPv6 and MAC
  /[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,}/i,
  // home directories
  /(?:^|[/\\])(?:home|users|root)[/\\]/i,
  // keys and tokens: long, unbroken, with a digit
  /(?=[A-Za-z]*\d)[A-Za-z0-9]{20,}/,
];

/** Whether a text holds something that looks like an identifier, an address or a token. */
export function hasIdentifierShape(text: string): boolean {
  return SHAPES.some((shape) => shape.test(text));
}
