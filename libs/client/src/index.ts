import { randomUUID } from 'node:crypto';
import { createClientIn, type Client } from './client.ts';
import { readEnvironment } from './node/environment.config.ts';
import { defaultStoragePath, fileStorage } from './node/file-storage.ts';
import { createHttpTransport } from './node/http-transport.ts';
import type { ClientOptions } from './options.ts';
import type { Surroundings } from './ports.ts';

export type { Client, WaitOptions } from './client.ts';
export type { ClientLimits, ClientOptions } from './options.ts';
export type {
  ClientAnswer,
  ClientRequest,
  ClientStorage,
  ClientTransport,
  Refusal,
} from './ports.ts';
export type { ClientStatus, Reason } from './status.ts';
export type { DryRunAnswer } from './telemetry.ts';
export { fileStorage };

/**
 * Makes a project's client, for Node 18 and later.
 *
 * Off under `DO_NOT_TRACK`, the project's own variable, and CI. Stores the choice and a random id in a file of the user.
 *
 * Guarantee: never throws, nor does any method of the client; reads one small file and waits for nothing.
 */
export function createClient(options: ClientOptions): Client {
  return createClientIn(options, inNode);
}

function inNode({
  project,
  optOutVariable,
  storage,
  transport,
  print,
}: ClientOptions): Surroundings {
  const environment = readEnvironment(optOutVariable);
  const path = defaultStoragePath(project, environment);
  return {
    refusal: environment.refusal,
    storage: storage ?? (path === undefined ? undefined : fileStorage(path)),
    transport: transport ?? createHttpTransport(),
    contentType: 'application/json',
    randomUuid: randomUUID,
    print: print ?? (environment.isPrinting ? toStderr : undefined),
    onLeave: () => () => {},
  };
}

function toStderr(text: string): void {
  process.stderr.write(`${text}\n`);
}
