import { randomUUID } from 'node:crypto';
import { seeded } from '../fault/seeded.ts';
import { Client } from './client.ts';
import { EXPECTED } from './expected.table.ts';
import { KINDS } from './kinds.ts';
import type { Sent, Wire } from './wires.ts';

/** How a mix is made and sent. */
export interface MixOptions {
  readonly gateway: string;
  readonly wires: readonly Wire[];
  readonly requests: number;
  readonly seed: number;
  /** Called after each tenth of the requests. */
  readonly tenthDone: (tenth: number) => void;
}

/** What was sent, and what was answered. */
export interface MixResult {
  /** Requests with something bad in them, by `kind, dialect`. */
  readonly bad: ReadonlyMap<string, number>;
  /** Events that have to be stored, by dialect. */
  readonly kept: ReadonlyMap<string, number>;
  /** Ids of these that the wire has a place for, by project. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
  /** How often a code has to be in the rejections at least, by `project code`. */
  readonly counted: ReadonlyMap<string, number>;
  /** Answers that were not the expected ones; a few. */
  readonly wrong: readonly string[];
  readonly wrongCount: number;
}

const UNDER_WAY = 24;
const SHOWN = 20;

class Books {
  readonly bad = new Map<string, number>();
  readonly kept = new Map<string, number>();
  readonly ids = new Map<string, string[]>();
  readonly counted = new Map<string, number>();
  readonly wrong: string[] = [];
  wrongCount = 0;

  keep(wire: Wire, id: string, count: number): void {
    add(this.kept, wire.dialect, count);
    if (!wire.hasIds || count === 0) return;
    const ids = this.ids.get(wire.project) ?? [];
    this.ids.set(wire.project, ids);
    ids.push(id);
  }

  fault(text: string): void {
    this.wrongCount += 1;
    if (this.wrong.length < SHOWN) this.wrong.push(text);
  }
}

function add(sums: Map<string, number>, key: string, count: number): void {
  sums.set(key, (sums.get(key) ?? 0) + count);
}

/** Half of the requests are good. The other half are of all kinds in all dialects, as often as each other. */
export async function sendMix(options: MixOptions): Promise<MixResult> {
  const client = new Client(options.gateway);
  const books = new Books();
  const draws = seeded(options.seed, 'bad input');
  const kinds = Object.keys(KINDS);
  let sent = 0;
  const next = async (): Promise<void> => {
    const wire = draws.pick(options.wires);
    const kind = draws.next() < 0.5 ? undefined : draws.pick(kinds);
    sent += 1;
    if (sent % Math.ceil(options.requests / 10) === 0) options.tenthDone(sent);
    await (kind === undefined ? sendGood(client, books, wire) : sendBad(client, books, wire, kind));
  };
  const worker = async (): Promise<void> => {
    while (sent < options.requests) await next();
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, worker));
  client.close();
  return books;
}

async function sendGood(client: Client, books: Books, wire: Wire): Promise<void> {
  const id = randomUUID();
  const { status } = await client.send(wire.good(id));
  if (status === 200) books.keep(wire, id, 1);
  else books.fault(`a good event of ${wire.dialect} was answered ${status}`);
}

async function sendBad(client: Client, books: Books, wire: Wire, kind: string): Promise<void> {
  const id = randomUUID();
  const expected = EXPECTED[kind]?.[wire.dialect];
  const spoiled: Sent | undefined = KINDS[kind]?.(wire, id);
  if (expected === undefined || spoiled === undefined) throw new Error(`nothing known of ${kind}`);
  add(books.bad, `${kind}, ${wire.dialect}`, 1);
  const answer = await client.send(spoiled);
  const { status, code = '', counted, kept = 0 } = expected;
  if (answer.status !== status || answer.code !== code)
    books.fault(
      `${kind}, ${wire.dialect}: ${answer.status} ${answer.code} and not ${status} ${code}`,
    );
  books.keep(wire, id, kept);
  if (counted !== undefined) add(books.counted, `${wire.project} ${counted}`, 1);
}
