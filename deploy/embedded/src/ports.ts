import { createServer, type Server } from 'node:net';

/**
 * Below the range that systems give to outgoing connections: a port found free here is not taken by a client's
 * connection in the moment before a server binds it.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** @returns a server that holds the port, or undefined when the port is taken. */
function hold(port: number, host: string): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}

function release(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** @returns whether nothing listens on the port of that address. */
export async function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const server = await hold(port, host);
  if (server) await release(server);
  return server !== undefined;
}

/**
 * Finds `count` different ports that nothing listens on.
 *
 * Guarantee: all were free at the same moment; nobody keeps them for the caller.
 */
export async function freePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  while (held.size < count) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    const server = held.has(port) ? undefined : await hold(port, '127.0.0.1');
    if (server) held.set(port, server);
  }
  await Promise.all([...held.values()].map(release));
  return [...held.keys()];
}
