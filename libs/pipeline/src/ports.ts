/** Time as a port, so that a test sets it. Epoch milliseconds. */
export type Clock = () => number;

/** What a library may say. The service's own logger stands behind it; fields hold no event content. */
export interface Log {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
