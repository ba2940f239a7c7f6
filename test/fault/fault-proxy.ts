import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** More than the connections of a service to one broker or database: whoever leaks them is refused. */
const MAX_CONNECTIONS = 256;
/** Bytes held back for a delay before the sender has to wait. */
const MAX_DELAYED_BYTES = 4 * 1_048_576;

type Mode = 'pass' | 'refuse' | 'stall';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/**
 * A TCP proxy on loopback between one service and one server, which can be told to do what networks do.
 *
 * Guarantee: it never alters, reorders or drops a byte of a connection that it does not end.
 */
export class FaultProxy {
  readonly #server: Server;
  readonly #target: number;
  readonly #pairs = new Set<Pair>();
  #mode: Mode = 'pass';
  #delayMs = 0;
  #answered: (() => void)[] = [];

  constructor(targetPort: number) {
    this.#target = targetPort;
    this.#server = createServer((client) => this.#accept(client));
  }

  /** @returns the port it listens on: the one asked for, or any free one. */
  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return (this.#server.address() as AddressInfo).port;
  }

  get connectionCount(): number {
    return this.#pairs.size;
  }

  /** Ends all connections by a reset. New ones are taken. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    this.#pairs.clear();
  }

  /** Ends all connections, and each new one at once, until healed. */
  refuse(): void {
    this.#mode = 'refuse';
    this.cut();
  }

  /** Lets no byte through in either direction, on old and new connections, until healed. */
  stall(): void {
    this.#mode = 'stall';
    for (const { client, server } of this.#pairs) {
      client.pause();
      server.pause();
    }
  }

  /** Holds back each byte for so long, in both directions. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** Back to passing everything on at once. */
  heal(): void {
    this.#mode = 'pass';
    this.#delayMs = 0;
    for (const { client, server } of this.#pairs) {
      client.resume();
      server.resume();
    }
  }

  /** Resolves with the next byte that comes back from the server: the service reaches it again. */
  nextAnswer(): Promise<void> {
    return new Promise((resolve) => this.#answered.push(resolve));
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.cut();
    await closed;
  }

  #accept(client: Socket): void {
    client.on('error', () => undefined);
    if (this.#mode === 'refuse' || this.#pairs.size >= MAX_CONNECTIONS) {
      client.resetAndDestroy();
      return;
    }
    const server = connect(this.#target, '127.0.0.1');
    const pair = { client, server };
    this.#pairs.add(pair);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const)
      this.#join(from, to, pair);
    server.on('data', () => this.#tellAnswered());
    if (this.#mode === 'stall') {
      client.pause();
      server.pause();
    }
  }

  #join(from: Socket, to: Socket, pair: Pair): void {
    const line = new DelayLine(from, to, () => this.#mode === 'stall');
    from.setNoDelay(true);
    from.on('data', (chunk: Buffer) => line.pass(chunk, this.#delayMs));
    from.on('end', () => line.end(this.#delayMs));
    from.on('error', () => to.resetAndDestroy());
    from.on('close', () => {
      // a paused socket does not see that its peer is gone: it is kept until it is ended too
      if (to.destroyed) this.#pairs.delete(pair);
      else line.close();
    });
  }

  #tellAnswered(): void {
    for (const tell of this.#answered.splice(0)) tell();
  }
}

/** One direction of a connection: keeps the order of what it delays, and slows the sender when it holds too much. */
class DelayLine {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #isStalled: () => boolean;
  #heldBytes = 0;
  #dueAt = 0;

  constructor(from: Socket, to: Socket, isStalled: () => boolean) {
    this.#from = from;
    this.#to = to;
    this.#isStalled = isStalled;
    to.on('drain', () => this.#goOn());
  }

  pass(chunk: Buffer, delayMs: number): void {
    if (delayMs === 0 && this.#heldBytes === 0) {
      if (!this.#to.write(chunk)) this.#from.pause();
      return;
    }
    this.#heldBytes += chunk.length;
    if (this.#heldBytes > MAX_DELAYED_BYTES) this.#from.pause();
    this.#later(delayMs, () => {
      this.#heldBytes -= chunk.length;
      if (this.#to.writable) this.#to.write(chunk);
      this.#goOn();
    });
  }

  end(delayMs: number): void {
    if (delayMs === 0 && this.#heldBytes === 0) this.#to.end();
    else this.#later(delayMs, () => this.#to.end());
  }

  /** Ends the receiver for good, after what it has still to get. */
  close(): void {
    if (this.#heldBytes === 0) this.#to.destroySoon();
    else this.#later(0, () => this.#to.destroySoon());
  }

  /** Never before what was delayed before it. */
  #later(delayMs: number, act: () => void): void {
    this.#dueAt = Math.max(this.#dueAt, performance.now() + delayMs);
    setTimeout(act, this.#dueAt - performance.now());
  }

  #goOn(): void {
    if (!this.#isStalled() && this.#heldBytes <= MAX_DELAYED_BYTES) this.#from.resume();
  }
}
