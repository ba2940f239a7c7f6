import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FaultProxy } from './fault-proxy.ts';

let echo: Server;
let proxy: FaultProxy;
let port: number;
const clients: Socket[] = [];

beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  proxy = new FaultProxy((echo.address() as AddressInfo).port);
  port = await proxy.listen();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.close();
  echo.close();
});

interface Client {
  readonly socket: Socket;
  readonly closed: Promise<string>;
  received(): Buffer;
}

async function open(): Promise<Client> {
  const socket = connect(port, '127.0.0.1');
  clients.push(socket);
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  const closed = new Promise<string>((resolve) => {
    socket.on('error', ({ message }) => resolve(message));
    socket.on('close', () => resolve('closed'));
  });
  await once(socket, 'connect');
  return { socket, closed, received: () => Buffer.concat(pieces) };
}

async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 5_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error('not so within 5 s');
    await sleep(5);
  }
}

async function echoed(client: Client, text: string): Promise<number> {
  const startedAt = performance.now();
  const wanted = client.received().length + text.length;
  client.socket.write(text);
  await until(() => client.received().length === wanted);
  return performance.now() - startedAt;
}

test('passes a megabyte on in both directions, unchanged', async () => {
  const client = await open();
  const sent = Buffer.from(Array.from({ length: 1_048_576 }, (_, index) => index % 251));
  client.socket.write(sent);
  await until(() => client.received().length === sent.length);
  expect(client.received().equals(sent)).toBe(true);
});

test('cuts what is connected, and connects what comes after', async () => {
  const client = await open();
  await echoed(client, 'before');
  const answered = proxy.nextAnswer();
  proxy.cut();
  expect(await client.closed).toMatch(/ECONNRESET/);
  expect(proxy.connectionCount).toBe(0);
  await echoed(await open(), 'after');
  await answered;
});

test('refuses what is new until it is healed', async () => {
  const before = await open();
  await echoed(before, 'before');
  proxy.refuse();
  await before.closed;
  const refused = connect(port, '127.0.0.1');
  clients.push(refused);
  // it may be reset before or after it is connected
  const closed = new Promise((resolve) => refused.once('close', resolve));
  refused.on('error', () => undefined);
  await closed;
  expect(refused.bytesRead).toBe(0);
  proxy.heal();
  await echoed(await open(), 'after');
});

test('lets no byte through while it stalls, closes nothing, and delivers all of it afterwards', async () => {
  const old = await open();
  await echoed(old, 'before');
  proxy.stall();
  const added = await open();
  old.socket.write('old');
  added.socket.write('added');
  await sleep(300);
  expect(String(old.received())).toBe('before');
  expect(added.received()).toHaveLength(0);
  expect(old.socket.destroyed || added.socket.destroyed).toBe(false);
  proxy.heal();
  await until(() => String(old.received()) === 'beforeold' && String(added.received()) === 'added');
});

test('delays both directions and keeps the order, also when the delay ends in the middle', async () => {
  const client = await open();
  proxy.delay(100);
  expect(await echoed(client, 'late')).toBeGreaterThanOrEqual(199);
  client.socket.write('first ');
  await sleep(20);
  proxy.heal();
  client.socket.write('second');
  await until(() => client.received().length === 16);
  expect(String(client.received())).toBe('latefirst second');
});

test('forgets a connection whose client went away while it was stalled', async () => {
  const client = await open();
  await echoed(client, 'before');
  proxy.stall();
  client.socket.destroy();
  await client.closed;
  await proxy.close();
  expect(proxy.connectionCount).toBe(0);
  await proxy.listen(port);
});

test('ends the other side when one side ends', async () => {
  const client = await open();
  await echoed(client, 'all');
  client.socket.end();
  await client.closed;
  await until(() => proxy.connectionCount === 0);
});
