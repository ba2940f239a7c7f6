import { Agent, request } from 'node:http';
import type { Sent } from './wires.ts';

/** An answer, as far as it says whether and why something was refused. */
export interface Answer {
  readonly status: number;
  /** The first code in the answer, wherever its form has one; empty without. */
  readonly code: string;
  readonly text: string;
}

/** A body that is refused for its size is answered before it has been sent: that connection ends. */
const KEPT_UP_TO = 65_536;

/** Sends anything, bodies of any method too, over a few connections. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32 });
  readonly #gateway: string;

  constructor(gateway: string) {
    this.#gateway = gateway;
  }

  send(sent: Sent): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const { method, path, headers, body } = sent;
    const length = Buffer.byteLength(body);
    const outgoing = request(
      this.#gateway + path,
      {
        method,
        agent: length > KEPT_UP_TO ? false : this.#agent,
        headers: { ...headers, 'content-length': String(length) },
        timeout: 20_000,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', () => undefined);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, code: codeIn(text), text }),
        );
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')));
    outgoing.on('error', reject);
    outgoing.end(body);
    return promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}

function codeIn(text: string): string {
  return /\b(?:GW|AN|KFK)_[A-Z0-9_]+\b/.exec(text)?.[0] ?? '';
}
