/**
 * What a change of the catalogue does to the people behind the data. `widens`: more is collected, it says more, it is
 * kept longer, more people may see it, or nobody can tell by rule that it is not so. `narrows`: the reverse.
 */
export type ChangeKind = 'widens' | 'narrows' | 'neutral';

/** One difference between two versions of a catalogue. */
export interface CatalogueChange {
  readonly project: string;
  /** Keys joined by dots, as in findings. */
  readonly path: string;
  readonly kind: ChangeKind;
  /** One line for a pull request. */
  readonly text: string;
}

/** A change before its project is known. */
export type Change = Omit<CatalogueChange, 'project'>;

export function change(kind: ChangeKind, path: string, text: string): Change {
  return { kind, path, text };
}

/** A number that was raised or lowered; `raising` says what raising it does. */
export function numberChange(
  path: string,
  [before, after]: readonly [number, number],
  what: string,
  raising: 'widens' | 'narrows',
): Change[] {
  if (before === after) return [];
  const lowering = raising === 'widens' ? 'narrows' : 'widens';
  return [change(after > before ? raising : lowering, path, `${what}: ${before} → ${after}`)];
}

/** Entries that came and went between two lists. */
export function listDifference<T>(
  before: readonly T[],
  after: readonly T[],
): { readonly added: readonly T[]; readonly removed: readonly T[] } {
  return {
    added: after.filter((entry) => !before.includes(entry)),
    removed: before.filter((entry) => !after.includes(entry)),
  };
}

/** Keys of two records: only in the one, only in the other, in both. */
export function keyDifference(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly kept: readonly string[];
} {
  const { added, removed } = listDifference(Object.keys(before), Object.keys(after));
  return { added, removed, kept: Object.keys(before).filter((key) => Object.hasOwn(after, key)) };
}
