import type { CountedFor, Expected } from './expected.ts';
import { secondOf, type Wire } from './wires.ts';

/** What was sent, what was answered, and what has to be found. */
export interface Account {
  /** Requests with something bad in them, by `kind, dialect`. */
  readonly bad: ReadonlyMap<string, number>;
  /** Events that have to be stored, by dialect. */
  readonly kept: ReadonlyMap<string, number>;
  /** Ids of these that the wire has a place for, by project. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
  /** Label and value of the samples that have to be stored. */
  readonly samples: ReadonlyMap<string, number>;
  /** How often a code has to be in the rejections, by `project code`; the project is empty for nobody. */
  readonly counted: ReadonlyMap<string, number>;
  /** Answers that were not the expected ones; a few. */
  readonly wrong: readonly string[];
  readonly wrongCount: number;
}

const SHOWN = 20;

export class Books implements Account {
  readonly bad = new Map<string, number>();
  readonly kept = new Map<string, number>();
  readonly ids = new Map<string, string[]>();
  readonly samples = new Map<string, number>();
  readonly counted = new Map<string, number>();
  readonly wrong: string[] = [];
  wrongCount = 0;

  /** A request whose answer was the expected one, or not: what is to be found is the same. */
  enter(wire: Wire, id: string, expected: Expected): void {
    const { kept, counted } = expected;
    if (counted !== undefined)
      add(this.counted, `${ownerOf(wire, counted.for)} ${counted.code}`, counted.times);
    if (kept === 0) return;
    add(this.kept, wire.dialect, kept);
    if (wire.dialect === 'cozystack')
      for (const sample of expected.samples) add(this.samples, sample);
    if (wire.hasIds) this.#idsOf(wire.project).push(...[id, secondOf(id)].slice(0, kept));
  }

  fault(text: string): void {
    this.wrongCount += 1;
    if (this.wrong.length < SHOWN) this.wrong.push(text);
  }

  #idsOf(project: string): string[] {
    const ids = this.ids.get(project) ?? [];
    this.ids.set(project, ids);
    return ids;
  }
}

/** Adds to a sum of its own. */
export function add(sums: Map<string, number>, key: string, count = 1): void {
  sums.set(key, (sums.get(key) ?? 0) + count);
}

function ownerOf({ project, isNamedByAddress }: Wire, whose: CountedFor): string {
  const isNobodys = whose === 'nobody' || (whose === 'the address' && !isNamedByAddress);
  return isNobodys ? '' : project;
}
