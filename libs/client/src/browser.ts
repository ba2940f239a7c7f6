import { createFetchTransport } from './browser/fetch-transport.ts';
import { localStorageOf, onHidden, refusalOf, type Page } from './browser/page.ts';
import { randomUuid } from './browser/random-uuid.ts';
import { createClientIn, type Client } from './client.ts';
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

/**
 * Makes a project's client, for browsers.
 *
 * Off under Global Privacy Control and Do Not Track. Stores the choice and a random id in `localStorage`. Sends what
 * waits when the page is hidden.
 *
 * Guarantee: never throws, nor does any method of the client.
 */
export function createClient(options: ClientOptions): Client {
  return createClientIn(options, inPage);
}

function inPage({ project, storage, transport, print }: ClientOptions): Surroundings {
  const page = globalThis as unknown as Page;
  return {
    refusal: refusalOf(page),
    storage: storage ?? localStorageOf(page, `rollcall:${project}`),
    transport: transport ?? createFetchTransport(),
    // asks for no preflight; the gateway reads JSON whatever it is called
    contentType: 'text/plain',
    randomUuid,
    print,
    onLeave: (leave) => onHidden(page, leave),
  };
}
