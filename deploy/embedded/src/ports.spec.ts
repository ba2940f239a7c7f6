import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePorts, isPortFree } from './ports.ts';

it('finds different ports that are free, below those that systems give to clients', async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  expect(Math.max(...ports)).toBeLessThan(32_768);
  expect(await Promise.all(ports.map((port) => isPortFree(port)))).not.toContain(false);
});

it('tells a port that is taken', async () => {
  const [port = 0] = await freePorts(1);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  expect(await isPortFree(port)).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  expect(await isPortFree(port)).toBe(true);
});
