import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accept, startServer, type LocalServer, type Respond } from '../fixtures/local-server.ts';
import { memoryStorage, surroundings } from '../fixtures/surroundings.ts';
import { createClientIn, type Client } from './client.ts';
import type { ClientLimits, ClientOptions } from './options.ts';
import type { Surroundings } from './ports.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const opened: { readonly stop: () => void }[] = [];
let endpoint = '';

/** Sends only when it is told to, unless a test says otherwise. */
const LIMITS: Partial<ClientLimits> = { flushIntervalMs: 60_000 };

async function serve(respond?: Respond): Promise<LocalServer> {
  const server = await startServer(respond);
  opened.push(server);
  ({ endpoint } = server);
  return server;
}

function client(options: Partial<ClientOptions> = {}, around: Partial<Surroundings> = {}): Client {
  const all = { endpoint, project: 'kusk', appVersion: '1.2.3', limits: LIMITS, ...options };
  const made = createClientIn(all, () => surroundings(around));
  opened.push({ stop: () => void made.close({ timeoutMs: 0 }) });
  return made;
}

interface SentEvent {
  readonly event: string;
  readonly event_id: string;
  readonly installation_id?: string;
  readonly occurred_at: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

function eventsOf(server: LocalServer, index = 0): readonly SentEvent[] {
  return JSON.parse(server.received[index]?.body ?? '[]') as readonly SentEvent[];
}

/** Ends a connection without an answer. */
const hangUp: Respond = (response) => response.destroy();

beforeEach(() => {
  // a port that nobody listens on
  endpoint = 'http://127.0.0.1:1';
});

afterEach(() => {
  for (const { stop } of opened.splice(0).toReversed()) stop();
});

describe('an event', () => {
  it('goes to the path of its project, in an array, and says nothing about the machine', async () => {
    const server = await serve();
    const telemetry = client();
    telemetry.capture('kusk-cli', { event: 'dashboard' });
    await telemetry.flush();
    const { host } = new URL(endpoint);
    expect(server.received).toMatchObject([{ method: 'POST', url: '/p/kusk/events' }]);
    expect(server.received[0]?.headers).toEqual({
      host,
      connection: 'keep-alive',
      'content-type': 'application/json',
      'content-length': String(server.received[0]?.body.length),
    });
    expect(eventsOf(server)).toEqual([
      {
        event: 'kusk-cli',
        event_id: expect.stringMatching(UUID) as string,
        installation_id: expect.stringMatching(UUID) as string,
        occurred_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
        properties: { version: '1.2.3', event: 'dashboard' },
      },
    ]);
  });

  it('has an id of its own, and the installation’s one id', async () => {
    const server = await serve();
    const telemetry = client();
    telemetry.capture('a');
    telemetry.capture('b');
    await telemetry.flush();
    const [a, b] = eventsOf(server);
    expect(a?.event_id).not.toBe(b?.event_id);
    expect(a?.installation_id).toBe(b?.installation_id);
    expect(telemetry.status()).toMatchObject({ sent: 2, queued: 0, dropped: 0 });
  });

  it('holds what its objects were when it was captured', async () => {
    const server = await serve();
    const telemetry = client();
    const properties = { step: 'one' };
    telemetry.capture('a', properties);
    properties.step = 'two';
    await telemetry.flush();
    expect(eventsOf(server)[0]?.properties).toMatchObject({ step: 'one' });
  });

  it('carries the write key of a project that has one', async () => {
    const server = await serve();
    const telemetry = client({ writeKey: 'public-key' });
    telemetry.capture('a');
    await telemetry.flush();
    expect(server.received[0]?.headers).toMatchObject({ 'x-write-key': 'public-key' });
  });

  it('is sent by itself after a while', async () => {
    const server = await serve();
    client({ limits: { flushIntervalMs: 20 } }).capture('a');
    await expect.poll(() => server.received.length).toBe(1);
  });

  it('has no installation id where none can be kept, for it would be a new one each time', async () => {
    const server = await serve();
    const readOnly = { read: () => null, write: () => expect.unreachable() };
    const telemetry = client({}, { storage: readOnly });
    telemetry.capture('a');
    await telemetry.flush();
    expect(eventsOf(server)[0]).not.toHaveProperty('installation_id');
  });
});

describe('a server that does not take an event', () => {
  it('gets it again, equal to the byte, when it said 503', async () => {
    const server = await serve((response, index) => {
      response.statusCode = index === 0 ? 503 : 200;
      response.end();
    });
    const telemetry = client({ limits: { flushIntervalMs: 10 } });
    telemetry.capture('a');
    await expect.poll(() => telemetry.status().sent, { timeout: 3_000 }).toBe(1);
    expect(server.received[1]?.body).toBe(server.received[0]?.body);
  });

  it.each([503, 429])('is left alone for as long as it asks with a %i', async (status) => {
    const server = await serve((response, index) => {
      response.statusCode = index === 0 ? status : 200;
      response.setHeader('retry-after', '1');
      response.end();
    });
    const telemetry = client({ limits: { flushIntervalMs: 10 } });
    telemetry.capture('a');
    await expect.poll(() => telemetry.status().sent, { timeout: 3_000 }).toBe(1);
    const [first, second] = server.received;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('is left alone with a batch it wants much later, and the batch is given up', async () => {
    const server = await serve((response) => {
      response.statusCode = 503;
      response.setHeader('retry-after', '3600');
      response.end();
    });
    const telemetry = client();
    telemetry.capture('a');
    await telemetry.flush();
    telemetry.capture('b');
    await telemetry.flush();
    expect(server.received).toHaveLength(1);
    expect(telemetry.status()).toMatchObject({ dropped: 1, queued: 1 });
  });

  it.each([400, 401, 404, 408, 413])('does not get it again after a %i', async (status) => {
    const server = await serve((response) => {
      response.statusCode = status;
      response.setHeader('retry-after', '0');
      response.end('{}');
    });
    const telemetry = client();
    telemetry.capture('a');
    await telemetry.flush();
    await telemetry.flush();
    expect(server.received).toHaveLength(1);
    expect(telemetry.status()).toMatchObject({ dropped: 1, queued: 0 });
  });

  it.each([301, 302, 307, 308])('is not followed with a %i', async (status) => {
    const elsewhere = await serve();
    await serve((response) => {
      response.statusCode = status;
      response.setHeader('location', `${elsewhere.endpoint}/p/kusk/events`);
      response.end();
    });
    const telemetry = client();
    telemetry.capture('a');
    await telemetry.flush();
    expect(elsewhere.received).toEqual([]);
    expect(telemetry.status().dropped).toBe(1);
  });

  it('is tried three times, then the event is given up', async () => {
    const server = await serve(hangUp);
    const telemetry = client({ limits: { flushIntervalMs: 10 } });
    telemetry.capture('a');
    await expect.poll(() => telemetry.status().dropped, { timeout: 5_000 }).toBe(1);
    expect(server.received).toHaveLength(3);
  });

  it('costs nothing but the event when it is away', async () => {
    const telemetry = client();
    telemetry.capture('a');
    await telemetry.flush();
    expect(telemetry.status()).toMatchObject({ queued: 1, sent: 0 });
    await telemetry.close();
    expect(telemetry.status()).toMatchObject({ queued: 0, dropped: 1 });
  });
});

describe('a server that takes its time', () => {
  it('is waited for while it is slow', async () => {
    await serve((response) => void setTimeout(() => accept(response), 200));
    const telemetry = client();
    telemetry.capture('a');
    await telemetry.close({ timeoutMs: 2_000 });
    expect(telemetry.status().sent).toBe(1);
  });

  it('is waited for no longer than it was said at the end', async () => {
    await serve(() => {});
    const telemetry = client();
    telemetry.capture('a');
    const begin = Date.now();
    await telemetry.close({ timeoutMs: 100 });
    expect(Date.now() - begin).toBeLessThan(300);
    expect(telemetry.status()).toMatchObject({ queued: 0, dropped: 1 });
  });

  it('is given up after the time of a request', async () => {
    await serve(() => {});
    const telemetry = client({ limits: { ...LIMITS, requestTimeoutMs: 100 } });
    telemetry.capture('a');
    const begin = Date.now();
    await telemetry.flush({ timeoutMs: 2_000 });
    expect(Date.now() - begin).toBeLessThan(500);
    expect(telemetry.status().queued).toBe(1);
  });

  it('is given up when it begins an answer and never ends it', async () => {
    await serve((response) => void response.write('{'));
    const telemetry = client({ limits: { ...LIMITS, requestTimeoutMs: 100 } });
    telemetry.capture('a');
    await telemetry.flush({ timeoutMs: 2_000 });
    expect(telemetry.status().queued).toBe(1);
  });

  it('is read no further than an answer can be', async () => {
    await serve((response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) continue;
      };
      response.on('drain', more).on('error', () => {});
      more();
    });
    const telemetry = client();
    telemetry.capture('a');
    await telemetry.flush({ timeoutMs: 2_000 });
    expect(telemetry.status().sent).toBe(1);
  });
});

describe('off', () => {
  it.each(['do-not-track', 'opt-out-variable', 'ci', 'browser-signal'] as const)(
    'means under %s that no connection is made and nothing is stored',
    async (refusal) => {
      const server = await serve();
      const storage = memoryStorage();
      const telemetry = client({}, { refusal, storage });
      telemetry.capture('a');
      expect(telemetry.notice()).toBeUndefined();
      expect(await telemetry.dryRun('a')).toBeUndefined();
      telemetry.preview('a');
      await telemetry.close();
      expect(server.received).toEqual([]);
      expect(storage.text).toBeNull();
    },
  );

  it('says why', () => {
    expect(client().status()).toMatchObject({ isOn: true, reason: 'default' });
    expect(client({}, { refusal: 'ci' }).status()).toMatchObject({ isOn: false, reason: 'ci' });
    expect(client({}, { refusal: 'ci' }).status().explanation).toContain('CI');
  });

  it('cannot be overruled by a choice when the environment says so', () => {
    const telemetry = client({}, { refusal: 'do-not-track' });
    expect(telemetry.enable()).toBe(true);
    expect(telemetry.status()).toMatchObject({ isOn: false, reason: 'do-not-track' });
  });

  it('is stored once per installation, and so is on', () => {
    const storage = memoryStorage();
    expect(client({ countOptOut: false }, { storage }).disable()).toBe(true);
    const next = client({}, { storage });
    expect(next.status()).toMatchObject({ isOn: false, reason: 'disabled' });
    expect(next.enable()).toBe(true);
    expect(client({}, { storage }).status()).toMatchObject({ isOn: true, reason: 'enabled' });
  });

  it('holds for a process that runs, when it is chosen in another', async () => {
    const server = await serve();
    const storage = memoryStorage();
    const running = client({}, { storage });
    running.capture('a');
    client({ countOptOut: false }, { storage }).disable();
    await running.flush();
    expect(server.received).toEqual([]);
    expect(running.status()).toMatchObject({ isOn: false, queued: 0, dropped: 1 });
  });

  it('forgets what waits', async () => {
    const server = await serve();
    const telemetry = client({ countOptOut: false });
    telemetry.capture('a');
    telemetry.disable();
    await telemetry.close();
    expect(server.received).toEqual([]);
  });

  it('is what is assumed when the choice cannot be read', () => {
    const throwing = { read: () => expect.unreachable(), write: () => {} };
    for (const storage of [throwing, memoryStorage('{"choice":'), memoryStorage('{"choice":7}')])
      expect(client({}, { storage }).status()).toMatchObject({
        isOn: false,
        reason: 'unreadable-storage',
      });
  });

  it('holds for this process when it cannot be stored', async () => {
    const server = await serve();
    const forgetful = { read: () => null, write: () => {} };
    const telemetry = client({ countOptOut: false }, { storage: forgetful });
    telemetry.disable();
    telemetry.capture('a');
    await telemetry.flush();
    expect(server.received).toEqual([]);
    expect(client({}, { storage: undefined }).disable()).toBe(false);
  });
});

describe('an opt-out', () => {
  it('is counted once, with nothing in it', async () => {
    const server = await serve();
    const storage = memoryStorage();
    const telemetry = client({}, { storage });
    telemetry.capture('a');
    telemetry.disable();
    telemetry.enable();
    telemetry.disable();
    await telemetry.close();
    const again = client({}, { storage });
    again.enable();
    again.disable();
    await again.close();
    const { host } = new URL(endpoint);
    expect(server.received).toMatchObject([{ method: 'POST', url: '/p/kusk/opt-out', body: '' }]);
    expect(server.received[0]?.headers).toEqual({
      host,
      connection: 'keep-alive',
      'content-length': '0',
    });
  });

  it('is not counted when the project says so, nor where nothing may be sent', async () => {
    const server = await serve();
    const silent = [
      client({ countOptOut: false }),
      client({}, { refusal: 'do-not-track' }),
      client({ print: () => {} }, { print: () => {} }),
    ];
    for (const telemetry of silent) {
      expect(telemetry.disable()).toBe(true);
      await telemetry.close();
    }
    expect(server.received).toEqual([]);
  });
});

describe('the installation', () => {
  it('keeps its random id, and gets a new one when asked', () => {
    const storage = memoryStorage();
    client({}, { storage }).capture('a');
    const telemetry = client({}, { storage });
    const before = telemetry.status().installationId;
    expect(before).toMatch(UUID);
    expect(telemetry.reset()).toBe(true);
    const after = telemetry.status().installationId;
    expect(after).toMatch(UUID);
    expect(after).not.toBe(before);
    expect(client({}, { storage }).status().installationId).toBe(after);
  });

  it('has no id before the first event, and none after a reset while telemetry is off', () => {
    const storage = memoryStorage();
    const telemetry = client({ countOptOut: false }, { storage });
    expect(telemetry.status().installationId).toBeUndefined();
    telemetry.capture('a');
    telemetry.disable();
    // who asks for erasure needs it
    expect(telemetry.status().installationId).toMatch(UUID);
    telemetry.reset();
    expect(telemetry.status().installationId).toBeUndefined();
    expect(telemetry.status()).toMatchObject({ reason: 'disabled' });
  });

  it('takes the id that another process was faster to store', async () => {
    const server = await serve();
    const theirs = '00000000-0000-4000-8000-000000000000';
    const storage = memoryStorage();
    const write = (): void => {
      storage.text = JSON.stringify({ installation_id: theirs });
    };
    const telemetry = client({}, { storage: { read: () => storage.text, write } });
    telemetry.capture('a');
    await telemetry.flush();
    expect(eventsOf(server)[0]?.installation_id).toBe(theirs);
  });
});

describe('the notice', () => {
  it('is shown once per installation, and names the page and every way out', () => {
    const storage = memoryStorage();
    const options = { optOutVariable: 'KUSK_TELEMETRY_DISABLED', disableCommand: 'kusk opt-out' };
    const telemetry = client(options, { storage });
    const text = telemetry.notice();
    expect(text).toContain(`${endpoint}/p/kusk/privacy`);
    for (const way of ['KUSK_TELEMETRY_DISABLED=1', 'DO_NOT_TRACK=1', '"kusk opt-out"'])
      expect(text).toContain(way);
    expect(telemetry.notice()).toBeUndefined();
    expect(client(options, { storage }).notice()).toBeUndefined();
  });

  it('is the project’s own when it has one', () => {
    expect(client({ notice: 'We count.' }).notice()).toBe('We count.');
  });
});

describe('showing instead of sending', () => {
  it('previews exactly the request that is sent', async () => {
    const server = await serve();
    const telemetry = client({ writeKey: 'key' }, { storage: memoryStorage() });
    telemetry.capture('a', { n: 1 });
    const preview = telemetry.preview('a', { n: 1 });
    await telemetry.flush();
    const [sent] = server.received;
    expect(preview?.url).toBe(`${endpoint}${sent?.url}`);
    expect(sent?.headers).toMatchObject(preview?.headers ?? {});
    const plain = (body = ''): string => body.replace(/"(event_id|occurred_at)":"[^"]+"/g, '"$1"');
    expect(plain(preview?.body)).toBe(plain(sent?.body));
    expect(preview?.body).toContain(telemetry.status().installationId);
  });

  it('prints each request and sends none', async () => {
    const server = await serve();
    const printed: string[] = [];
    const storage = memoryStorage();
    const telemetry = client({}, { storage, print: (text) => printed.push(text) });
    telemetry.capture('a', { n: 1 });
    telemetry.disable();
    await telemetry.close();
    expect(server.received).toEqual([]);
    expect(printed).toHaveLength(2);
    expect(printed[0]).toContain(`POST ${endpoint}/p/kusk/events`);
    expect(printed[0]).toContain('"properties":{"version":"1.2.3","n":1}');
    expect(printed[1]).toContain(`POST ${endpoint}/p/kusk/opt-out`);
    expect(storage.text).not.toContain('installation_id');
  });

  it('asks the gateway what it would keep, with an id that is thrown away', async () => {
    const answer = { stored: [{ event: 'a' }], dropped: [], rejected: [] };
    const server = await serve((response) => response.end(JSON.stringify(answer)));
    const telemetry = client();
    telemetry.capture('b');
    expect(await telemetry.dryRun('a', { n: 1 })).toEqual(answer);
    expect(server.received).toHaveLength(1);
    expect(server.received[0]?.headers).toMatchObject({ 'rollcall-dry-run': '1' });
    expect(server.received[0]?.body).not.toContain(telemetry.status().installationId);
  });

  it('has no answer when the gateway has none', async () => {
    await serve((response) => response.end('<html>'));
    expect(await client().dryRun('a')).toBeUndefined();
    endpoint = 'http://127.0.0.1:1';
    expect(await client().dryRun('a')).toBeUndefined();
  });
});

describe('what may go wrong in the program around', () => {
  it.each<[string, unknown]>([
    ['no options', undefined],
    ['an endpoint that is none', { endpoint: 'nowhere', project: 'kusk' }],
    ['another kind of address', { endpoint: 'file:///tmp', project: 'kusk' }],
    ['a project that cannot be one', { endpoint: 'http://127.0.0.1:1', project: '../kusk' }],
    ['a key of two lines', { endpoint: 'http://127.0.0.1:1', project: 'kusk', writeKey: 'a\nb' }],
  ])('%s leaves telemetry off and everything else working', async (_what, options) => {
    const telemetry = createClientIn(options as ClientOptions, () => surroundings());
    telemetry.capture('a');
    expect(telemetry.status()).toMatchObject({ isOn: false, reason: 'misconfigured' });
    expect([telemetry.enable(), telemetry.disable(), telemetry.reset()]).toEqual([
      false,
      false,
      false,
    ]);
    expect(telemetry.notice()).toBeUndefined();
    expect(telemetry.preview('a')).toBeUndefined();
    expect(await telemetry.dryRun('a')).toBeUndefined();
    await telemetry.flush();
    await telemetry.close();
  });

  it('a path of the endpoint is kept, with or without its slash', () => {
    const preview = client({ endpoint: 'https://example.org/rollcall/' }).preview('a');
    expect(preview?.url).toBe('https://example.org/rollcall/p/kusk/events');
  });

  it('captures nothing more once it is closed, and closes once', async () => {
    const server = await serve();
    const telemetry = client();
    expect(telemetry.close()).toBe(telemetry.close());
    await telemetry.close();
    telemetry.capture('a');
    await telemetry.flush();
    expect(server.received).toEqual([]);
    expect(telemetry.status()).toMatchObject({ isOn: false, reason: 'closed' });
  });
});
