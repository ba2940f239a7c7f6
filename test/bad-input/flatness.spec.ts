import { describe, expect, it } from 'vitest';
import { JUDGED_FROM, memoryFaults } from './flatness.ts';

const reading = (resident: number, live: number) => ({ resident, live });
const leaked = (requests: number): number => requests / 1_024;

describe('memory counts as flat', () => {
  it('when it stays where it was after the warm-up, or shrinks', () => {
    const span = { before: reading(380, 60), requests: JUDGED_FROM };
    expect(memoryFaults({ ...span, after: reading(392, 61) })).toEqual([]);
    expect(memoryFaults({ ...span, after: reading(300, 50) })).toEqual([]);
  });

  it.each([4_000, JUDGED_FROM])(
    'never with a leak of one KiB for each of %i requests',
    (requests) => {
      const after = reading(380, 60 + leaked(requests));
      const faults = memoryFaults({ before: reading(380, 60), after, requests });
      expect(faults).toEqual([expect.stringContaining('live memory grew')]);
    },
  );

  it('never with such a leak that only resident memory shows', () => {
    const after = reading(380 + leaked(JUDGED_FROM), 60);
    const faults = memoryFaults({ before: reading(380, 60), after, requests: JUDGED_FROM });
    expect(faults).toEqual([expect.stringContaining('resident memory grew')]);
  });

  it('never without having been measured', () => {
    const faults = memoryFaults({
      before: reading(NaN, 60),
      after: reading(NaN, NaN),
      requests: JUDGED_FROM,
    });
    expect(faults).toEqual(['live memory was not measured', 'resident memory was not measured']);
  });
});
