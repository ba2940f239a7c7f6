import { randomUUID } from 'node:crypto';
import { seeded, type Seeded } from '../fault/seeded.ts';
import { add, Books, type Account } from './books.ts';
import { Client, type Answer } from './client.ts';
import { KEPT, type Expected } from './expected.ts';
import { EXPECTED } from './expected.table.ts';
import { KINDS } from './kinds.ts';
import type { Sent, Wire } from './wires.ts';

const UNDER_WAY = 24;

/** Good requests and bad ones, mixed by a seed. All that one mix sends is in one account. */
export class Mix {
  readonly #wires: readonly Wire[];
  readonly #client: Client;
  readonly #draws: Seeded;
  readonly #books = new Books();

  constructor(gateway: string, wires: readonly Wire[], seed: number) {
    this.#wires = wires;
    this.#client = new Client(gateway);
    this.#draws = seeded(seed, 'bad input');
  }

  get account(): Account {
    return this.#books;
  }

  /** Half of the requests are good. The other half are of all kinds in all dialects, as often as each other. */
  async send(requests: number, tenthDone: () => void = () => undefined): Promise<void> {
    let sent = 0;
    const worker = async (): Promise<void> => {
      while (sent < requests) {
        sent += 1;
        if (sent % Math.ceil(requests / 10) === 0) tenthDone();
        await this.#sendOne();
      }
    };
    await Promise.all(Array.from({ length: UNDER_WAY }, worker));
  }

  close(): void {
    this.#client.close();
  }

  async #sendOne(): Promise<void> {
    const wire = this.#draws.pick(this.#wires);
    const said =
      this.#draws.next() < 0.5 ? good(wire) : spoiled(wire, this.#draws.pick(kindsOf(wire)));
    const { kind, expected } = said;
    const cell = `${kind}, ${wire.dialect}`;
    if (expected.counted !== undefined) add(this.#books.bad, cell);
    this.#books.enter(wire, said.id, expected);
    const answer = await this.#client.send(said.sent);
    if (answer.status === expected.status && answer.code === expected.code) return;
    this.#books.fault(`${cell}: ${inWords(answer)} and not ${inWords(expected)}`);
  }
}

/** Something said in a wire's way. */
interface Said {
  readonly kind: string;
  readonly id: string;
  readonly sent: Sent;
  readonly expected: Expected;
}

function good(wire: Wire): Said {
  const id = randomUUID();
  return { kind: 'good', id, sent: wire.good(id), expected: KEPT };
}

function spoiled(wire: Wire, kind: string): Said {
  const id = randomUUID();
  const expected = EXPECTED[kind]?.[wire.dialect];
  const sent = KINDS[kind]?.(wire, id);
  if (expected === undefined || sent === undefined) throw new Error(`nothing known of ${kind}`);
  return { kind, id, sent, expected };
}

/** The kinds that a wire can say. */
function kindsOf({ dialect }: Wire): readonly string[] {
  return Object.keys(KINDS).filter((kind) => EXPECTED[kind]?.[dialect] !== undefined);
}

function inWords({ status, code }: Answer): string {
  return status === 0 ? `no answer (${code})` : `${status} ${code}`.trim();
}
