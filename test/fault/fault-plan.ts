import { seeded } from './seeded.ts';

const PROCESSES = ['gateway', 'anonymizer', 'sink', 'clickhouse', 'kafka'] as const;
const SERVICES = ['gateway', 'anonymizer', 'sink'] as const;
/** A service and what it is connected to. */
export const HOPS = ['gateway-kafka', 'anonymizer-kafka', 'sink-kafka', 'sink-clickhouse'] as const;
export type Hop = (typeof HOPS)[number];

type Kind =
  | { readonly does: 'kill' | 'pause'; readonly process: (typeof PROCESSES)[number] }
  | { readonly does: 'restart'; readonly process: 'kafka' | 'clickhouse' }
  | { readonly does: 'replica'; readonly service: (typeof SERVICES)[number] }
  | { readonly does: 'cut' | 'refuse' | 'stall' | 'delay'; readonly hop: Hop }
  | { readonly does: 'full-spool' };

function allKinds(): Readonly<Record<string, Kind>> {
  const kinds: Record<string, Kind> = {};
  for (const process of PROCESSES)
    for (const does of ['kill', 'pause'] as const) kinds[`${does} ${process}`] = { does, process };
  for (const process of ['kafka', 'clickhouse'] as const)
    kinds[`restart ${process}`] = { does: 'restart', process };
  for (const service of SERVICES) kinds[`replica ${service}`] = { does: 'replica', service };
  for (const hop of HOPS)
    for (const does of ['cut', 'refuse', 'stall', 'delay'] as const)
      kinds[`${does} ${hop}`] = { does, hop };
  kinds['full-spool'] = { does: 'full-spool' };
  return kinds;
}

/** Every kind of fault by its name: `kill sink`, `stall sink-clickhouse`. */
export const KINDS = allKinds();

/** One fault of a run, with everything that chance decides about it. */
export interface Fault {
  readonly kind: string;
  /** After the start of the run's faults. */
  readonly afterMs: number;
  /** How long it lasts, where that is for us to say. */
  readonly lastsMs: number;
  readonly delayMs: number;
  /** How a replica is removed. */
  readonly signal: 'SIGTERM' | 'SIGKILL';
}

const LONGEST_PAUSE_MS = 8_000;
const LONGEST_BREAK_MS = 5_000;

/** The kind of a run's nth fault, from bags that hold each kind once: none stays in its bag for long. */
function drawKind(seed: number, draw: number, names: readonly string[]): string {
  const bag = Math.floor(draw / names.length);
  return seeded(seed, `bag ${bag}`).shuffled(names)[draw % names.length] ?? '';
}

function countIn(seed: number, run: number): number {
  return 1 + ((run + seed) % 3);
}

/** How many kinds the runs before have drawn. */
function drawnBefore(seed: number, run: number): number {
  let drawn = 0;
  for (let before = 1; before < run; before += 1) drawn += countIn(seed, before);
  return drawn;
}

/** Up to three faults. The seed and the run's number decide everything. */
export function planRun(seed: number, run: number, only?: string): readonly Fault[] {
  const random = seeded(seed, `run ${run}`);
  const names = Object.keys(KINDS).filter((name) => only === undefined || name.startsWith(only));
  if (names.length === 0) throw new Error(`no kind of fault is called ${only}`);
  const count = only === undefined ? countIn(seed, run) : 1;
  const drawn = drawnBefore(seed, run);
  return Array.from({ length: count }, (_, index) => {
    const kind = drawKind(seed, drawn + index, names);
    const isPause = kind.startsWith('pause');
    return {
      kind,
      afterMs: index === 0 ? 0 : random.between(0, 2_500),
      lastsMs: random.between(1_000, isPause ? LONGEST_PAUSE_MS : LONGEST_BREAK_MS),
      delayMs: random.between(50, 500),
      signal: random.pick(['SIGTERM', 'SIGKILL']),
    };
  });
}
