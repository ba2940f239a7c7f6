import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { RollcallError } from '@rollcall/contracts-transport';
import { Secret } from './secret.ts';

const SHORTEST = 16;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Reads the token of operators from the file that a setting names.
 *
 * @param setting variable that named the file, for who has to mend it
 * @throws CFG_INVALID when the file cannot be read or its token is too short to be one.
 */
export async function readToken(file: string, setting: string): Promise<Secret> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RollcallError('CFG_INVALID', `${setting} cannot be read`, { cause });
  });
  const token = text.trim();
  if (token.length < SHORTEST)
    throw new RollcallError(
      'CFG_INVALID',
      `${setting}: a token has ${SHORTEST} characters or more`,
    );
  return new Secret(token);
}

/** The token that routes for operators ask for, known by its hash only. */
export class AdminToken {
  readonly #hash: Buffer;

  constructor(token: string) {
    this.#hash = digest(token);
  }

  /** @throws CFG_INVALID, as {@link readToken} does. */
  static async fromFile(file: string, setting: string): Promise<AdminToken> {
    return new AdminToken((await readToken(file, setting)).reveal());
  }

  /** Whether an `Authorization` header carries the token, compared in constant time. */
  isIn(authorization: string | undefined): boolean {
    return this.is(/^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '');
  }

  /** Whether this is the token, compared in constant time. */
  is(given: string): boolean {
    return timingSafeEqual(digest(given), this.#hash);
  }
}
