/**
 * Tables that carry erasures out. No analyst reads them: a tombstone says that an installation was erased, and a receipt is
 * for whom it was given to.
 */
export const ERASURE_TABLES = ['erasure_orders', 'erasures', 'tombstones'] as const;
