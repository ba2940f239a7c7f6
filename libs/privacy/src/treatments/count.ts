import { WRONG_TYPE, isTextList, type Treatment } from './treatment.ts';

/** How many elements a list of texts has. */
export function createCount(): Treatment {
  return (value) => (isTextList(value) ? value.length : WRONG_TYPE);
}
