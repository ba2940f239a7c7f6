/** The value has not the declared type. A numeric text is not a number: nothing is coerced. */
export const WRONG_TYPE = Symbol('wrong type');
/** The value has the type and is none of those that the rule lets through. */
export const WRONG_VALUE = Symbol('wrong value');
export type Refusal = typeof WRONG_TYPE | typeof WRONG_VALUE;

/** What may stand in a row. */
export type Treated = string | number | boolean | readonly string[];

/**
 * What is done with the value of one declared field.
 *
 * Guarantee: pure, total (any JSON value), never throws. A list that comes back shorter has lost the elements that
 * the rule did not let through.
 */
export type Treatment = (value: unknown) => Treated | Refusal;

/** Longest list that is kept; the rest is left out. */
export const MAX_LIST_LENGTH = 100;

export function isRefusal(treated: Treated | Refusal): treated is Refusal {
  return typeof treated === 'symbol';
}

export function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string');
}
