import type { FieldRule } from '@rollcall/contracts-catalogue';
import { createBucket } from './bucket.ts';
import { createCount } from './count.ts';
import { createFamily } from './family.ts';
import { createFirst } from './first.ts';
import { createKeep } from './keep.ts';
import { createNames } from './names.ts';
import { createPath } from './path.ts';
import type { Treatment } from './treatment.ts';
import { createTruncate } from './truncate.ts';

/** A rule whose field is generalized; identifiers are pseudonymized by a step that has the key. */
export type GeneralRule = Exclude<FieldRule, { treatment: 'pseudonymize' }>;

/** @throws CAT_INVALID when the rule cannot be carried out (pattern, edges) */
export function createTreatment(rule: GeneralRule): Treatment {
  switch (rule.treatment) {
    case 'keep':
      return createKeep(rule);
    case 'truncate':
      return createTruncate(rule);
    case 'bucket':
      return createBucket(rule);
    case 'family':
      return createFamily();
    case 'first':
      return createFirst(rule);
    case 'count':
      return createCount();
    case 'path':
      return createPath(rule);
    case 'names':
      return createNames(rule);
  }
}
