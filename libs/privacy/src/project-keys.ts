import { randomBytes } from 'node:crypto';
import { createPseudonymKey, type PseudonymKey } from './pseudonym.ts';

/** The keys of one project: see {@link createProjectKeys}. */
export interface ProjectKeys {
  /** For event ids; never rotated. */
  readonly eventId: PseudonymKey;
  /** Ascending by `startsAt`, never empty. */
  readonly epochs: readonly ProjectEpoch[];
}

/** A key and the instant (epoch ms) from which events received use it. */
export interface ProjectEpoch {
  readonly startsAt: number;
  readonly key: PseudonymKey;
}

/** Finds a project's keys; undefined when there are none. */
export type KeysOf = (project: string) => ProjectKeys | undefined;

/** Key bytes as a keyring holds them. */
export interface ProjectKeyBytes {
  readonly eventIdKey: Uint8Array;
  readonly epochs: readonly {
    readonly epoch: number;
    readonly startsAt: number;
    readonly key: Uint8Array;
  }[];
}

/** @throws RangeError without an epoch, or when a key has not 32 bytes */
export function createProjectKeys({ eventIdKey, epochs }: ProjectKeyBytes): ProjectKeys {
  if (epochs.length === 0) throw new RangeError('A project has at least one key epoch.');
  return {
    eventId: createPseudonymKey(eventIdKey, 0),
    epochs: epochs
      .map(({ epoch, startsAt, key }) => ({ startsAt, key: createPseudonymKey(key, epoch) }))
      .sort((a, b) => a.startsAt - b.startsAt || a.key.epoch - b.key.epoch),
  };
}

/** Random keys that exist nowhere else and are forgotten with the returned value: for a dry run. */
export function createThrowAwayKeys(): ProjectKeys {
  return createProjectKeys({
    eventIdKey: randomBytes(32),
    epochs: [{ epoch: 1, startsAt: 0, key: randomBytes(32) }],
  });
}

/**
 * The key for an event, by when it was received: the last epoch that had started then. An event of an epoch that was
 * destroyed since gets the oldest key left.
 *
 * Guarantee: depends on nothing but the keys and the instant, so an event read twice gets the same pseudonym.
 */
export function keyAt({ epochs }: ProjectKeys, receivedAt: number): PseudonymKey {
  for (let i = epochs.length - 1; i > 0; i -= 1) {
    const epoch = epochs[i];
    if (epoch !== undefined && epoch.startsAt <= receivedAt) return epoch.key;
  }
  return (epochs[0] as ProjectEpoch).key;
}
