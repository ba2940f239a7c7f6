import type { Code } from '@rollcall/contracts-transport';
import { hasIdentifierShape } from './identifier-shape.ts';

/**
 * Where steps say what they left out of an event that goes on. `path` is the client's own text: it is for the client
 * (dry run) and nobody else, so a log that is kept must not look at it.
 */
export interface DropLog {
  add(project: string, code: Code, path: string): void;
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
