import { createHash, randomBytes } from 'node:crypto';
import { RollcallError } from '@rollcall/contracts-transport';
import type { Clock } from '@rollcall/pipeline';
import type { AdminToken } from '@rollcall/service-kit';

/** How long a session lasts; nobody works through a night. */
export const SESSION_MS = 8 * 3_600_000;
/** Sessions at once; beyond it the oldest is signed out. */
const MAX_SESSIONS = 100;
const ATTEMPTS = 10;
const ATTEMPTS_MS = 60_000;

/** A session is known by the hash of its id: the list of them lets nobody in. */
const nameOf = (id: string): string => createHash('sha256').update(id).digest('hex');

/**
 * Who signed in with the admin token. Sessions are in memory: a restart signs everybody out.
 *
 * Guarantee: tokens are compared in constant time, and only so many wrong ones a minute are looked at, from everybody
 * together.
 */
export class Sessions {
  readonly #token: AdminToken | undefined;
  readonly #clock: Clock;
  readonly #endsAt = new Map<string, number>();
  #failures: number[] = [];

  constructor(token: AdminToken | undefined, clock: Clock) {
    this.#token = token;
    this.#clock = clock;
  }

  /**
   * @returns the id of a new session.
   * @throws CO_NO_SIGN_IN when the console has no token
   * @throws CO_RATE_LIMITED after too many wrong ones
   * @throws CO_TOKEN_UNKNOWN
   */
  signIn(token: string): string {
    if (this.#token === undefined)
      throw new RollcallError('CO_NO_SIGN_IN', 'set CONSOLE_ADMIN_TOKEN_FILE and start it again');
    const now = this.#clock();
    this.#failures = this.#failures.filter((at) => now - at < ATTEMPTS_MS);
    if (this.#failures.length >= ATTEMPTS)
      throw new RollcallError('CO_RATE_LIMITED', 'wait a minute');
    if (!this.#token.is(token)) {
      this.#failures.push(now);
      throw new RollcallError('CO_TOKEN_UNKNOWN');
    }
    return this.#open(now);
  }

  isSignedIn(id: string | undefined): boolean {
    if (id === undefined) return false;
    const endsAt = this.#endsAt.get(nameOf(id));
    return endsAt !== undefined && this.#clock() < endsAt;
  }

  signOut(id: string | undefined): void {
    if (id !== undefined) this.#endsAt.delete(nameOf(id));
  }

  #open(now: number): string {
    for (const [name, endsAt] of this.#endsAt) if (endsAt <= now) this.#endsAt.delete(name);
    const [oldest] = this.#endsAt.keys();
    if (this.#endsAt.size >= MAX_SESSIONS && oldest !== undefined) this.#endsAt.delete(oldest);
    const id = randomBytes(32).toString('base64url');
    this.#endsAt.set(nameOf(id), now + SESSION_MS);
    return id;
  }
}
