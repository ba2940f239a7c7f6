import type { Sent, Wire } from './wires.ts';

/** Something bad, said in a wire's own way. */
export type Spoil = (wire: Wire, id: string) => Sent;

const YEAR = new Date().getUTCFullYear();

export const textOf = ({ body }: Sent): string => body.toString();

/** The good request with one text of its body replaced. @throws when it is not there: the spoiling would be none */
export function replaced(sent: Sent, sought: string, by: string): Sent {
  const text = textOf(sent);
  if (!text.includes(sought)) throw new Error(`no ${sought} to replace`);
  return { ...sent, body: text.replace(sought, () => by) };
}

/** For dialects of JSON one way, for the one of text another. */
export const inJson =
  (json: Spoil, text: Spoil): Spoil =>
  (wire, id) =>
    (wire.dialect === 'cozystack' ? text : json)(wire, id);

/** Another time than now, in the wires that tell one. @throws for the others */
export const inTime =
  (change: (timestamp: string) => string): Spoil =>
  (wire, id) => {
    const sent = wire.good(id);
    const found = new RegExp(`"${YEAR}-[^"]+Z"`).exec(textOf(sent))?.[0];
    if (found === undefined) throw new Error(`${wire.dialect} tells no time`);
    return replaced(sent, found, change(found));
  };

export const yearsAhead = (timestamp: string): string =>
  timestamp.replace(String(YEAR), String(YEAR + 9));

export const body =
  (make: (text: string) => Buffer | string): Spoil =>
  (wire, id) => {
    const sent = wire.good(id);
    return { ...sent, body: make(textOf(sent)) };
  };

export const value =
  (by: string): Spoil =>
  (wire, id) =>
    replaced(
      wire.good(id),
      wire.value,
      wire.value.replace(/[:\s].*$/, (found) => found[0] + by),
    );

export const identifier =
  (by: (id: string) => string): Spoil =>
  (wire, id) => {
    const sought = wire.identifier(id);
    return replaced(
      wire.good(id),
      sought,
      sought.replace(/"[^"]*"$/, () => by(id)),
    );
  };

export const name =
  (by: string): Spoil =>
  (wire, id) =>
    replaced(wire.good(id), wire.name, by);

export const path =
  (make: (path: string) => string): Spoil =>
  (wire, id) => {
    const sent = wire.good(id);
    return { ...sent, path: make(sent.path) };
  };

export const header =
  (headers: Readonly<Record<string, string>>, make?: (text: string) => Buffer): Spoil =>
  (wire, id) => {
    const sent = wire.good(id);
    const changed = make === undefined ? sent.body : make(textOf(sent));
    return { ...sent, headers: { ...sent.headers, ...headers }, body: changed };
  };
