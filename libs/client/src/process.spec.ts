import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startServer, type Respond } from '../fixtures/local-server.ts';

const CLI = join(import.meta.dirname, '../fixtures/small-cli.ts');
/** The most that the end of a program may come later, in ms. */
const PROMISED_MS = 300;
/** A machine with other work is measured more than once: a pause of its own is no pause of the kit. */
const MEASURED = { retry: 2, timeout: 20_000 };

const ended: (() => void)[] = [];
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-client-'));
  ended.push(() => rmSync(folder, { recursive: true, force: true }));
});
afterEach(() => {
  for (const end of ended.splice(0).toReversed()) end();
});

interface Run {
  /** From the end of the program's own work to its end, in ms. */
  readonly afterWorkMs: number;
  readonly code: number | null;
  readonly printed: string;
}

async function run(
  endpoint: string,
  ending: 'close' | 'leave',
  variables: Record<string, string> = {},
): Promise<Run> {
  // nothing of the test run's own environment: it may be one in CI
  const child = spawn(process.execPath, [CLI, endpoint, folder, ending], { env: variables });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (printed += text.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const done = Number(readFileSync(join(folder, 'done'), 'utf8'));
  return { afterWorkMs: Date.now() - done, code, printed };
}

async function serve(respond?: Respond) {
  const server = await startServer(respond);
  ended.push(server.stop);
  return server;
}

/** An address where no handshake is ever answered: a listener that takes no connection, its queue full. */
async function blockedEndpoint(): Promise<string> {
  const script = `require('net').createServer().listen(0, '127.0.0.1', 1, function () {
    process.stdout.write(String(this.address().port), () =>
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000));
  })`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  ended.push(() => child.kill('SIGKILL'));
  const port = await new Promise<number>((resolve) =>
    child.stdout.once('data', (text: Buffer) => resolve(Number(text.toString()))),
  );
  let isFull = false;
  while (!isFull) isFull = !(await isConnected(port));
  return `http://127.0.0.1:${port}`;
}

/** Connects and stays, whatever comes of it. */
async function isConnected(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  ended.push(() => socket.destroy());
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    setTimeout(resolve, 200, false);
  });
}

/** An address that nobody listens on. */
async function freeEndpoint(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

describe.each(['close', 'leave'] as const)('a small command line, at its end: %s', (ending) => {
  const places: [string, () => Promise<string>][] = [
    ['answers', async () => (await serve()).endpoint],
    ['hangs', async () => (await serve(() => {})).endpoint],
    ['is away', freeEndpoint],
    ['is behind a wall that says nothing', blockedEndpoint],
  ];

  it.each(places)(
    'ends at once and prints nothing when the server %s',
    MEASURED,
    async (_, place) => {
      const { afterWorkMs, code, printed } = await run(await place(), ending);
      expect(printed).toBe('');
      expect(code).toBe(0);
      expect(afterWorkMs).toBeLessThan(PROMISED_MS);
    },
  );
});

describe('the environment of a command line', () => {
  it.each(['DO_NOT_TRACK', 'KUSK_TELEMETRY_DISABLED', 'CI'])(
    'keeps it from sending and storing with %s=1',
    async (name) => {
      const server = await serve();
      await run(server.endpoint, 'close', { [name]: '1' });
      expect(server.received).toEqual([]);
      expect(readdirSync(folder)).toEqual(['done']);
    },
  );

  it('shows what would be sent, beside the program’s own output, with ROLLCALL_PRINT=1', async () => {
    const server = await serve();
    const { printed } = await run(server.endpoint, 'close', { ROLLCALL_PRINT: '1' });
    expect(server.received).toEqual([]);
    expect(printed).toContain(`POST ${server.endpoint}/p/kusk/events`);
    expect(printed).toContain('"event":"kusk-cli"');
  });

  it('lets it send otherwise, under the same id in every run', async () => {
    const server = await serve();
    await run(server.endpoint, 'close');
    await run(server.endpoint, 'close');
    const ids = server.received.map(({ body }) => /"installation_id":"[^"]+"/.exec(body)?.[0]);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBeDefined();
    expect(ids[1]).toBe(ids[0]);
  });
});
