/** A value of a public table: a name of something, a published count, or null for a count that is not told. */
export type PublishedCell = string | number | null;

/** What a column of a public table holds. */
export type ColumnKind = 'day' | 'label' | 'number' | 'count';

/** A column of a public table. */
export interface PublishedColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

/**
 * A table that everyone may see. Only this library makes one, so that whoever asks for it in a parameter cannot be handed
 * the rows of a query.
 */
export class PublishedTable {
  /** Nobody can build a look-alike: TypeScript compares classes with private fields by name. */
  readonly #isPublished = true;
  /** The least count that is told; every count in the table is a multiple of it. */
  readonly leastCount: number;
  readonly columns: readonly PublishedColumn[];
  readonly rows: readonly (readonly PublishedCell[])[];

  /** @internal for this library; see `publishSeries` and `publishBreakdown`. */
  constructor(
    leastCount: number,
    columns: readonly PublishedColumn[],
    rows: readonly (readonly PublishedCell[])[],
  ) {
    this.leastCount = leastCount;
    this.columns = columns;
    this.rows = rows;
  }

  /** The same table with the rows that a predicate keeps. */
  where(keep: (row: readonly PublishedCell[]) => boolean): PublishedTable {
    return new PublishedTable(this.leastCount, this.columns, this.rows.filter(keep));
  }

  get [Symbol.toStringTag](): string {
    return this.#isPublished ? 'PublishedTable' : '';
  }
}
