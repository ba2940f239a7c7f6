/**
 * The lines of a record value, without their line ends. A last line without an end counts; empty lines do not.
 *
 * Shape: utf-8 NDJSON as the gateway and the anonymizer write it.
 */
export function splitLines(value: Buffer): string[] {
  const lines = value.toString('utf8').split('\n');
  return lines.filter((line) => line !== '');
}
