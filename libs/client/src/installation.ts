import type { ClientStorage } from './ports.ts';
import { quietly } from './quiet.ts';

/** What is stored once per installation, as JSON. */
interface StoredState {
  readonly installation_id?: string | undefined;
  readonly choice?: 'enabled' | 'disabled' | undefined;
  readonly notice_shown?: boolean | undefined;
  readonly opt_out_counted?: boolean | undefined;
}

/** More than the kit ever writes, in UTF-16 units. */
const MAX_LENGTH = 4_096;
const FAILED = Symbol('failed');
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * One installation's choice, its random id, and what it was told.
 *
 * Guarantee: never throws, whatever the storage does. What cannot be stored holds until the process ends, except for
 * the id: one that is new in every process would count one installation many times, so then there is none.
 */
export class Installation {
  readonly #storage: ClientStorage | undefined;
  readonly #randomUuid: () => string;
  #state: StoredState = {};
  /** What was chosen and marked in this process; it holds here even when the storage does not keep it. */
  #own: StoredState = {};
  #isReadable = true;
  #hasTriedId = false;

  constructor(storage: ClientStorage | undefined, randomUuid: () => string) {
    this.#storage = storage;
    this.#randomUuid = randomUuid;
    this.refresh();
  }

  /** Whether the stored choice can be known: the storage answered, with nothing or with something the kit wrote. */
  get isReadable(): boolean {
    return this.#isReadable;
  }

  /** A no, stored or said in this process, wins over a yes. */
  get choice(): 'enabled' | 'disabled' | undefined {
    const choices = [this.#state.choice, this.#own.choice];
    return choices.includes('disabled') ? 'disabled' : (choices[1] ?? choices[0]);
  }

  get isNoticeShown(): boolean {
    return this.#state.notice_shown === true || this.#own.notice_shown === true;
  }

  get isOptOutCounted(): boolean {
    return this.#state.opt_out_counted === true || this.#own.opt_out_counted === true;
  }

  /** The id, if there is one. */
  get id(): string | undefined {
    return this.#state.installation_id;
  }

  /** Reads again what is stored: another process may have changed it. */
  refresh(): void {
    const text = quietly<unknown>(undefined, () => (this.#storage ? this.#storage.read() : null));
    const state = parseState(text);
    this.#isReadable = state !== undefined;
    this.#state = state ?? this.#state;
  }

  /** The id; made and stored when there is none. Undefined when it cannot be stored. */
  obtainId(): string | undefined {
    if (this.id !== undefined || this.#hasTriedId) return this.id;
    this.refresh();
    if (this.id === undefined) this.replaceId(this.#randomUuid());
    return this.id;
  }

  /**
   * Puts a new id in place of the old, or none. Events of before and after can no longer be told to be of one
   * installation.
   *
   * @returns whether it is stored.
   */
  replaceId(id: string | undefined): boolean {
    this.#hasTriedId = true;
    const isStored = this.#store({ installation_id: id });
    // what is there now counts: another process may have been faster, a storage may take and not keep
    this.refresh();
    return isStored;
  }

  /** @returns whether the choice will still be known next time. */
  choose(choice: 'enabled' | 'disabled'): boolean {
    return this.#remember({ choice });
  }

  /** Sees to it that the notice is shown once. */
  markNoticeShown(): void {
    this.#remember({ notice_shown: true });
  }

  /** Sees to it that an opt-out is counted once. */
  markOptOutCounted(): void {
    this.#remember({ opt_out_counted: true });
  }

  #remember(change: StoredState): boolean {
    this.#own = { ...this.#own, ...change };
    return this.#store(change);
  }

  #store(change: StoredState): boolean {
    this.refresh();
    // what cannot be read may hold a no: only a new choice may take its place
    if (this.#storage === undefined || (!this.#isReadable && change.choice === undefined))
      return false;
    const state = { ...this.#state, ...change };
    const failed = quietly<unknown>(FAILED, () => this.#storage?.write(JSON.stringify(state)));
    if (failed === FAILED) return false;
    this.#state = state;
    this.#isReadable = true;
    return true;
  }
}

/** @returns undefined for what the kit did not write: what was chosen cannot be known then. */
function parseState(text: unknown): StoredState | undefined {
  if (text === null) return {};
  if (typeof text !== 'string' || text.length > MAX_LENGTH) return undefined;
  const value = quietly<unknown>(undefined, () => JSON.parse(text));
  return typeof value === 'object' && value !== null ? toState(value) : undefined;
}

function toState({ installation_id: id, choice, ...marks }: StoredState): StoredState | undefined {
  if (![undefined, 'enabled', 'disabled'].includes(choice)) return undefined;
  return {
    installation_id: typeof id === 'string' && UUID.test(id) ? id : undefined,
    choice,
    notice_shown: marks.notice_shown === true || undefined,
    opt_out_counted: marks.opt_out_counted === true || undefined,
  };
}
