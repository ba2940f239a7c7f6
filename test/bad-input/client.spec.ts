import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Client } from './client.ts';

const SENT = { method: 'POST', path: '/', headers: {}, body: '{}' };
let server: Server;
let client: Client;

async function answering(how: (socket: Socket) => void): Promise<void> {
  server = createServer((request) => how(request.socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

afterEach(async () => {
  client.close();
  server.close();
  await once(server, 'close');
});

it('takes a connection that is reset for no answer, and goes on', async () => {
  await answering((socket) => socket.resetAndDestroy());
  expect(await client.send(SENT)).toEqual({ status: 0, code: 'ECONNRESET' });
});

it('takes an answer that ends too soon for none', async () => {
  await answering((socket) =>
    socket.end('HTTP/1.1 400 Bad\r\ncontent-length: 90\r\n\r\n{"code":"GW_'),
  );
  expect(await client.send(SENT)).toEqual({ status: 0, code: 'ECONNRESET' });
});

it('finds the code of an answer', async () => {
  const body = '{"code":"GW_BODY_EMPTY"}';
  await answering((socket) =>
    socket.end(`HTTP/1.1 400 Bad\r\ncontent-length: ${body.length}\r\n\r\n${body}`),
  );
  expect(await client.send(SENT)).toEqual({ status: 400, code: 'GW_BODY_EMPTY' });
});
