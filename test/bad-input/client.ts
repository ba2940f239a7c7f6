import { Agent, request } from 'node:http';
import type { Sent } from './wires.ts';

/** An answer, as far as it says whether and why something was refused. */
export interface Answer {
  /** 0 when there was none. */
  readonly status: number;
  /** The first code in the answer, wherever its form has one; empty without. Why there was no answer, for none. */
  readonly code: string;
}

/** A body that is refused for its size is answered before it has been sent: that connection ends. */
const KEPT_UP_TO = 65_536;
const PATIENCE_MS = 20_000;

/** Sends anything, bodies of any method too, over a few connections. Never fails: no answer is one of the answers. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32 });
  readonly #gateway: string;

  constructor(gateway: string) {
    this.#gateway = gateway;
  }

  send({ method, path, headers, body }: Sent): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const length = Buffer.byteLength(body);
    const giveUp = (why: string): void => resolve({ status: 0, code: why });
    const outgoing = request(
      this.#gateway + path,
      {
        method,
        agent: length > KEPT_UP_TO ? false : this.#agent,
        headers: { ...headers, 'content-length': String(length) },
        timeout: PATIENCE_MS,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', (error) => giveUp(reasonOf(error)));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, code: codeIn(text) }));
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
    outgoing.on('error', (error) => giveUp(reasonOf(error)));
    outgoing.end(body);
    return promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}

function reasonOf(error: Error & { readonly code?: string }): string {
  return error.code ?? error.message;
}

function codeIn(text: string): string {
  return /\b(?:GW|AN|KFK)_[A-Z0-9_]+\b/.exec(text)?.[0] ?? '';
}
