import type { Clock } from '@rollcall/pipeline';

/** A clock that stands still until it is told otherwise. */
export interface SetClock {
  readonly now: Clock;
  set(epochMs: number): void;
  advance(ms: number): void;
}

/** @returns a clock that shows `startMs`, by default noon of the first of March 2026 (UTC). */
export function createSetClock(startMs = Date.UTC(2026, 2, 1, 12)): SetClock {
  let shownMs = startMs;
  return {
    now: () => shownMs,
    set: (epochMs) => {
      shownMs = epochMs;
    },
    advance: (ms) => {
      shownMs += ms;
    },
  };
}
