import type { Code } from '@rollcall/contracts-transport';

/**
 * What a step decided about one value. A step never throws for data: it returns one of these.
 *
 * `ok` goes on; `drop` ends here and is counted; `dead_letter` ends here and leaves coordinates and the code.
 */
export type Outcome<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'drop'; readonly code: Code }
  | { readonly kind: 'dead_letter'; readonly code: Code };

/** One named decision about a value. Pure: same input, same outcome. */
export type Step<In, Out> = (value: In) => Outcome<Out>;

/** The value goes on. */
export function ok<T>(value: T): Outcome<T> {
  return { kind: 'ok', value };
}

/** The value ends here and is counted by its code. */
export function drop(code: Code): Outcome<never> {
  return { kind: 'drop', code };
}

/** The value ends here; its coordinates and the code are kept, its content is not. */
export function deadLetter(code: Code): Outcome<never> {
  return { kind: 'dead_letter', code };
}
