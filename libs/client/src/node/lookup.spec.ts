import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { patientLookup } from './lookup.ts';

let nameServer: Socket;
let answersNothing = true;

/** Says "no such name" (RFC 1035, response code 3) to a query. */
function refuse(query: Buffer): Buffer {
  const answer = Buffer.from(query);
  answer.writeUInt16BE(0x8183, 2);
  return answer;
}

beforeEach(async () => {
  nameServer = createSocket('udp4');
  nameServer.on('message', (query, { port, address }) => {
    if (!answersNothing) nameServer.send(refuse(query), port, address);
  });
  await new Promise<void>((resolve) => nameServer.bind(0, '127.0.0.1', resolve));
});

afterEach(() => nameServer.close());

function lookUp(name: string, system = vi.fn()) {
  const resolver = new Resolver({ timeout: 5_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${nameServer.address().port}`]);
  const waiting = { resources: 1 as const, cancelQuery: () => {} };
  const failed = vi.fn();
  patientLookup(waiting, { resolver, system })(name, {}, failed);
  return { waiting, failed, system };
}

it('does not ask the system while no name server answers, and can be called off', async () => {
  answersNothing = true;
  const { waiting, failed, system } = lookUp('telemetry.example.org');
  expect(waiting.resources).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  waiting.cancelQuery();
  await expect.poll(() => failed.mock.calls).toHaveLength(1);
  expect(system).not.toHaveBeenCalled();
});

it('asks the system once a name server has answered, be it with a no: it knows the hosts file', async () => {
  answersNothing = false;
  const { waiting, failed, system } = lookUp('telemetry.example.org');
  await expect.poll(() => system.mock.calls).toHaveLength(1);
  expect(system).toHaveBeenCalledWith('telemetry.example.org', {}, failed);
  expect(waiting.resources).toBe(1);
});

it.each(['127.0.0.1', '::1', 'localhost', 'rollcall.localhost'])('asks nobody about %s', (name) => {
  answersNothing = true;
  expect(lookUp(name).system).toHaveBeenCalledOnce();
});
