import { Agent, request as httpRequest } from 'node:http';
import type { BaseRequest } from './base-requests.ts';

/** An answer, as far as this test looks at it. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

const CONNECTIONS = 16;
const DRY_RUN = { 'rollcall-dry-run': '1' };

/** Sends requests with any method, body and header over a few connections that are kept. */
export class Sender {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  readonly #gateway: string;

  constructor(gateway: string) {
    this.#gateway = gateway;
  }

  send({ method, path, headers, body }: BaseRequest): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        this.#gateway + path,
        {
          agent: this.#agent,
          method,
          headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  /** What would be kept of a request. */
  dryRun(request: BaseRequest): Promise<Answer> {
    return this.send({ ...request, headers: { ...request.headers, ...DRY_RUN } });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Does something with each item, a few at a time. */
export async function forEach<Item>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
}
