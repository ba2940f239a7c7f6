import type { Code } from '@rollcall/contracts-transport';
import { hasIdentifierShape } from './identifier-shape.ts';

/**
 * Where steps say what they left out of an event that goes on. `path` is the client's own text: it is for the client
 * (dry run) and nobody else, so a log that is kept must not look at it.
 */
export interface DropLog {
  add(project: string, code: Code, path: string): void;
}

export interface DropCount {
  readonly project: string;
  readonly code: Code;
  readonly count: number;
}

/** Counts by project and code; forgets paths. For everything that is stored, logged or measured. */
export class CountedDrops implements DropLog {
  readonly #counts = new Map<string, Map<Code, number>>();

  add(project: string, code: Code): void {
    let codes = this.#counts.get(project);
    if (codes === undefined) this.#counts.set(project, (codes = new Map()));
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }

  *[Symbol.iterator](): Generator<DropCount> {
    for (const [project, codes] of this.#counts)
      for (const [code, count] of codes) yield { project, code, count };
  }
}

export interface ListedDrop {
  readonly path: string;
  readonly reason: Code;
}

const MAX_LISTED = 1_000;
const PLAIN_PATH = /^[\w$.:@/ -]{1,200}$/;
const UNNAMED = '(a name that is not shown)';

/** Lists paths for the client that asked what would be kept. Bounded; names that could be identifiers are not echoed. */
export class ListedDrops implements DropLog {
  readonly list: ListedDrop[] = [];

  add(_project: string, code: Code, path: string): void {
    if (this.list.length >= MAX_LISTED) return;
    const isShown = PLAIN_PATH.test(path) && !hasIdentifierShape(path);
    this.list.push({ path: isShown ? path : UNNAMED, reason: code });
  }
}
