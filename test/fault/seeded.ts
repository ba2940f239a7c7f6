import { createHash } from 'node:crypto';

/** Numbers that a seed decides. */
export interface Seeded {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number, both ends included. */
  between(low: number, high: number): number;
  pick<Item>(items: readonly Item[]): Item;
  shuffled<Item>(items: readonly Item[]): Item[];
}

/** A sequence for each name of a seed: what one run draws does not change what another draws. */
export function seeded(seed: number, name: string): Seeded {
  let counter = 0;
  const next = (): number => {
    counter += 1;
    const sum = createHash('sha256').update(`${seed} ${name} ${counter}`).digest();
    return sum.readUIntBE(0, 6) / 2 ** 48;
  };
  const between = (low: number, high: number): number =>
    low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    pick: (items) => items[between(0, items.length - 1)] as (typeof items)[number],
    shuffled: (items) =>
      items
        .map((item) => ({ item, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item),
  };
}
