import { describe, expect, it } from 'vitest';
import { CI_VARIABLES } from './ci.table.ts';
import { readEnvironment } from './environment.config.ts';

const OWN = 'KUSK_TELEMETRY_DISABLED';
const refusal = (variables: Record<string, string>): string | undefined =>
  readEnvironment(OWN, variables).refusal;

describe('the environment', () => {
  it.each(['1', 'true', 'TRUE', 'yes', 'on', '2', ' 1 '])('says no with %j', (value) => {
    expect(refusal({ DO_NOT_TRACK: value })).toBe('do-not-track');
    expect(refusal({ [OWN]: value })).toBe('opt-out-variable');
    expect(refusal({ CI: value })).toBe('ci');
  });

  it.each(['', '0', 'false', 'False', 'no', 'off', ' '])('says nothing with %j', (value) => {
    expect(refusal({ DO_NOT_TRACK: value, [OWN]: value, CI: value })).toBeUndefined();
  });

  it.each(CI_VARIABLES)('is one of a CI run with %s', (name) => {
    expect(refusal({ [name]: 'anything' })).toBe('ci');
    expect(refusal({ [name]: '' })).toBeUndefined();
  });

  it('is not asked for a variable that the project does not have', () => {
    expect(readEnvironment(undefined, { undefined: '1' }).refusal).toBeUndefined();
  });

  it('can ask for requests to be shown', () => {
    expect(readEnvironment(undefined, { ROLLCALL_PRINT: '1' }).isPrinting).toBe(true);
    expect(readEnvironment(undefined, {}).isPrinting).toBe(false);
  });
});
