import type { Agent, ClientRequest as Outgoing, IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { ClientAnswer, ClientRequest, ClientTransport } from '../ports.ts';
import { abortWhenAlone, type Waiting } from './alone.ts';
import { patientLookup } from './lookup.ts';

/** Most of an answer that is read, in bytes. */
const MAX_ANSWER_BYTES = 256 * 1_024;

/** `node:http` or `node:https`. */
interface HttpModule {
  readonly Agent: new (options: { keepAlive: boolean; maxSockets: number }) => Agent;
  readonly request: (url: string, options: RequestOptions) => Outgoing;
}

/**
 * Requests over Node's own HTTP client: `fetch` would keep the process alive while it waits.
 *
 * Guarantee: an open connection does not keep the process alive, be it idle or waiting for an answer. Redirects are not
 * followed. No header is added that tells anything about the machine.
 */
export function createHttpTransport(): ClientTransport {
  const agents = new Map<string, Promise<readonly [HttpModule, Agent]>>();
  const agentFor = (url: string): Promise<readonly [HttpModule, Agent]> => {
    const { protocol } = new URL(url);
    const known = agents.get(protocol) ?? openAgent(protocol);
    agents.set(protocol, known);
    return known;
  };
  return {
    send: async (request, signal) => {
      const [http, agent] = await agentFor(request.url);
      return post(http, request, { agent, signal });
    },
    close: () => {
      for (const opening of agents.values())
        void opening.then(
          ([, agent]) => agent.destroy(),
          () => {},
        );
    },
  };
}

/** Loaded at the first request: most runs of a program end before one. */
async function openAgent(protocol: string): Promise<readonly [HttpModule, Agent]> {
  const http: HttpModule = await (protocol === 'https:'
    ? import('node:https')
    : import('node:http'));
  return [http, new http.Agent({ keepAlive: true, maxSockets: 2 })];
}

function post(
  http: HttpModule,
  { url, headers, body }: ClientRequest,
  { agent, signal }: { readonly agent: Agent; readonly signal: AbortSignal },
): Promise<ClientAnswer> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body);
    const waiting: Waiting = { resources: 1, cancelQuery: () => {} };
    const outgoing = http.request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': bytes.length },
      agent,
      signal,
      lookup: patientLookup(waiting),
    });
    outgoing.once('socket', (socket) => letGo(socket, waiting, () => outgoing.destroy()));
    outgoing.once('error', reject).once('close', () => waiting.cancelQuery());
    outgoing.once('response', (response) => collect(response, resolve));
    outgoing.end(bytes);
  });
}

/** Sees to it that neither the connection nor the making of it keeps the process alive. */
function letGo(socket: Socket, waiting: Waiting, abort: () => void): void {
  const unref = (): unknown => socket.unref();
  unref();
  if (!socket.connecting) return;
  // each address that is tried has a handle of its own
  socket.on('connectionAttempt', unref).once('connect', unref);
  abortWhenAlone(socket, waiting, abort);
}

/** Gives the answer when it has ended, one way or the other, or when enough of it was read. */
function collect(response: IncomingMessage, resolve: (answer: ClientAnswer) => void): void {
  const parts: Buffer[] = [];
  let size = 0;
  response.on('data', (part: Buffer) => {
    size += part.length;
    if (size > MAX_ANSWER_BYTES) response.destroy();
    else parts.push(part);
  });
  // a broken answer is one too: its status was read
  response.once('error', () => {});
  response.once('close', () => {
    const { statusCode: status = 0, headers } = response;
    resolve({ status, retryAfter: headers['retry-after'], body: Buffer.concat(parts).toString() });
  });
}
