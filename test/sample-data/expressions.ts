/** Text of a ClickHouse expression. */
export type Expression = string;

/** A hash that numbers are drawn from: of the event, or of the installation, which then draws the same ever again. */
type Source = 'event_hash' | 'installation_hash';

/** A whole number from 0 and below `sides`; `salt` tells the draws of one source apart. */
export function dice(sides: number, salt: number, source: Source = 'event_hash'): Expression {
  return `intHash64(bitXor(${source}, ${salt})) % ${sides}`;
}

/** The same for a fact of the installation. */
export function trait(sides: number, salt: number): Expression {
  return dice(sides, salt, 'installation_hash');
}

/** A text of ClickHouse; only for texts of this folder. */
export function quote(text: string): Expression {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** The expression that belongs to the drawn number, by weight: `draw` is below the sum of all weights. */
export function byWeight(
  draw: (sides: number) => Expression,
  choices: readonly (readonly [value: Expression, weight: number])[],
): Expression {
  const sum = choices.reduce((total, [, weight]) => total + weight, 0);
  let below = 0;
  const branches = choices.slice(0, -1).map(([value, weight]) => {
    below += weight;
    return `${draw(sum)} < ${below}, ${value}`;
  });
  const [last] = choices.at(-1) ?? ["''"];
  return branches.length === 0 ? last : `multiIf(${branches.join(', ')}, ${last})`;
}

/** Texts with their weights, as {@link byWeight} takes them. */
export function texts(
  weights: Readonly<Record<string, number>>,
): readonly (readonly [Expression, number])[] {
  return Object.entries(weights).map(([text, weight]) => [quote(text), weight] as const);
}

/** A field of `properties`: JSON text of its value. */
export type Field = Expression;

export const text = (value: Expression): Field => `concat('"', ${value}, '"')`;
export const number = (value: Expression): Field => `toString(${value})`;
export const bool = (condition: Expression): Field => `if(${condition}, 'true', 'false')`;
export const list = (value: Expression): Field => `concat('["', ${value}, '"]')`;

/** JSON text of an object; its names are those of the catalogue, where a dot means nesting. */
export function object(fields: Readonly<Record<string, Field>>): Expression {
  const members = Object.entries(fields).flatMap(([name, field], index) => [
    quote(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`),
    field,
  ]);
  return members.length === 0 ? `'{}'` : `concat(${members.join(', ')}, '}')`;
}
