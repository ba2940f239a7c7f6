import { CODES } from './codes.table.ts';

/** One of {@link CODES}. */
export type Code = keyof typeof CODES;

/** Codes that are answered over HTTP. */
export type HttpCode = {
  [C in Code]: (typeof CODES)[C] extends { status: number } ? C : never;
}[Code];

/** @returns the one-line text that stands for a code everywhere. */
export function titleOf(code: Code): string {
  return CODES[code].title;
}

/** @returns the HTTP status that a code is answered with. */
export function statusOf(code: HttpCode): number {
  return CODES[code].status;
}

/**
 * A failure of the program or of what it stands on (never of the data: that is an outcome).
 *
 * Guarantee: `message` is made of the code's title and what the thrower adds; no event content belongs in either.
 */
export class RollcallError extends Error {
  readonly code: Code;
  constructor(code: Code, detail?: string, options?: ErrorOptions) {
    super(detail === undefined ? titleOf(code) : `${titleOf(code)}: ${detail}`, options);
    this.name = 'RollcallError';
    this.code = code;
  }
}
