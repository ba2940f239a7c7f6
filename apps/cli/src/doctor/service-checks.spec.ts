import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { lookAtService } from './service-checks.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A service that answers its readiness with a status. */
async function portOf(status: number): Promise<number> {
  const started = createServer((request, response) => {
    response.writeHead(request.url === '/health/ready' ? status : 404).end('{}');
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return (started.address() as AddressInfo).port;
}

it.each([
  [200, 'ok'],
  [503, 'failed'],
  [302, 'failed'],
])('a service whose readiness answers %i is %s', async (answer, status) => {
  const service = { name: 'sink', port: await portOf(answer), variable: 'SINK_PORT' };
  expect(await lookAtService(service)).toMatchObject({ name: 'sink', status });
});

it('a service that is not there names the variable of its port', async () => {
  const port = await portOf(200);
  await new Promise((resolve) => server?.close(resolve));
  const result = await lookAtService({ name: 'sink', port, variable: 'SINK_PORT' });
  expect(result).toMatchObject({
    status: 'failed',
    next: expect.stringContaining('SINK_PORT') as string,
  });
});
