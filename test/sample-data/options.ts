import { parseArgs } from 'node:util';

/** What `npm run sample-data` was asked for. */
export interface SampleOptions {
  readonly task: 'load' | 'remove' | 'measure';
  readonly events: number;
  readonly seed: number;
}

/** How it is called. */
export const USAGE = `npm run sample-data                        loads 10,000,000 made-up events of the last year
npm run sample-data -- --events 200000     loads fewer
npm run sample-data -- --seed 7            loads others
npm run sample-data -- --measure           says how long each view takes and how many rows it reads
npm run sample-data -- --remove            removes every sample row`;

const MOST_EVENTS = 1_000_000_000;

/** @throws RangeError, with a sentence for people, for what it does not understand */
export function readOptions(args: readonly string[]): SampleOptions {
  const { events, seed, remove, measure } = parsed(args);
  if (remove && measure) throw new RangeError('--remove and --measure are two tasks: give one.');
  return {
    task: remove ? 'remove' : measure ? 'measure' : 'load',
    events: whole('--events', events, 1_000, MOST_EVENTS),
    seed: whole('--seed', seed, 0, Number.MAX_SAFE_INTEGER),
  };
}

function parsed(args: readonly string[]): {
  events: string;
  seed: string;
  remove: boolean;
  measure: boolean;
} {
  try {
    return parseArgs({
      args: [...args],
      options: {
        events: { type: 'string', default: '10000000' },
        seed: { type: 'string', default: '1' },
        remove: { type: 'boolean', default: false },
        measure: { type: 'boolean', default: false },
      },
    }).values;
  } catch (fault) {
    throw new RangeError(fault instanceof Error ? fault.message : String(fault), { cause: fault });
  }
}

function whole(option: string, given: string, least: number, most: number): number {
  const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new RangeError(`${option} is a whole number from ${least} to ${most}, not "${given}".`);
}
