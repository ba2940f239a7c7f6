import type { FieldRule } from '@rollcall/contracts-catalogue';
import { RollcallError } from '@rollcall/contracts-transport';
import { WRONG_TYPE, WRONG_VALUE, type Treatment } from './treatment.ts';

type BucketRule = Extract<FieldRule, { treatment: 'bucket' }>;

/**
 * A number to the lower edge of its bucket: with edges 1, 10, 100 the number 57 becomes 10. What lies between 0 and
 * the first edge becomes 0; the last bucket is open; what is below all that is refused.
 *
 * @throws CAT_INVALID unless the edges ascend
 */
export function createBucket({ type, edges }: BucketRule): Treatment {
  if (edges.some((edge, i) => i > 0 && edge <= (edges[i - 1] as number)))
    throw new RollcallError('CAT_INVALID', 'the edges of a bucket must ascend');
  const lowest = edges[0] as number;
  return function bucket(value) {
    if (typeof value !== 'number' || !Number.isFinite(value)) return WRONG_TYPE;
    if (type === 'integer' && !Number.isInteger(value)) return WRONG_TYPE;
    if (value < lowest) return value >= 0 ? 0 : WRONG_VALUE;
    return edges.findLast((edge) => edge <= value) ?? WRONG_VALUE;
  };
}
