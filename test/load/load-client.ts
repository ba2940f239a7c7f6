/**
 * A load client small enough to share two cores with what it measures: raw sockets, one prepared request, one request
 * under way per connection. Bounded in time; loopback only. Runs as a process of its own so that its CPU time is not
 * counted as the server's. Prints one JSON line.
 */
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { readFileSync } from 'node:fs';

/** What one run measured. Latencies in milliseconds; `statuses` counts answers by HTTP status. */
export interface LoadResult {
  readonly statuses: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly errors: number;
}

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    path: { type: 'string' },
    body: { type: 'string' },
    connections: { type: 'string', default: '32' },
    seconds: { type: 'string', default: '5' },
    /** Stop after so many requests, whatever time is left; 0 for no such limit. */
    requests: { type: 'string', default: '0' },
  },
});
const port = Number(values.port);
const body = readFileSync(values.body ?? '');
const head = `POST ${values.path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
const request = Buffer.concat([Buffer.from(head), body]);

const statuses: Record<string, number> = {};
const latencies: number[] = [];
let errors = 0;
let started = 0;
const limit = Number(values.requests) || Number.POSITIVE_INFINITY;
const startedAt = performance.now();
const endsAt = startedAt + Number(values.seconds) * 1_000;

function announcedLength(text: string, headEnd: number): number {
  return Number(/content-length: (\d+)/i.exec(text.slice(0, headEnd))?.[1] ?? 0);
}

function run(): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', send);
    let pending = '';
    let sentAt = 0;
    function send(): void {
      if (performance.now() >= endsAt || started >= limit) {
        socket.end();
        resolve();
        return;
      }
      started += 1;
      sentAt = performance.now();
      socket.write(request);
    }
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      pending += chunk.toString('latin1');
      const headEnd = pending.indexOf('\r\n\r\n');
      if (headEnd === -1 || pending.length < headEnd + 4 + announcedLength(pending, headEnd))
        return;
      const status = pending.slice(9, 12);
      statuses[status] = (statuses[status] ?? 0) + 1;
      latencies.push(performance.now() - sentAt);
      pending = '';
      send();
    });
    socket.on('error', () => {
      errors += 1;
      resolve();
    });
  });
}

await Promise.all(Array.from({ length: Number(values.connections) }, run));
const seconds = (performance.now() - startedAt) / 1_000;
latencies.sort((a, b) => a - b);
const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0;
const result: LoadResult = { statuses, seconds, p50Ms: at(0.5), p99Ms: at(0.99), errors };
process.stdout.write(`${JSON.stringify(result)}\n`);
