import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createServer } from 'node:tls';
import type { Certificate } from './certificate.ts';

/** Takes TLS and hands on what is in it, as a proxy in front of a server does. */
export async function startTlsTerminator(
  { keystoreFile, password }: Certificate,
  target: URL,
): Promise<{ readonly port: number; readonly stop: () => void }> {
  const server = createServer(
    { pfx: readFileSync(keystoreFile), passphrase: password },
    (client) => {
      const behind = connect(Number(target.port), target.hostname);
      client.on('error', () => behind.destroy()).pipe(behind);
      behind.on('error', () => client.destroy()).pipe(client);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { port, stop: () => server.close() };
}
