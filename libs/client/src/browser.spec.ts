import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startServer, type LocalServer } from '../fixtures/local-server.ts';
import { memoryStorage } from '../fixtures/surroundings.ts';
import { createClient } from './browser.ts';
import { randomUuid } from './browser/random-uuid.ts';
import type { Client } from './client.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let server: LocalServer;
let entries: Map<string, string>;
const made: Client[] = [];

/** A document that can be hidden, with what the kit asks of one. */
class TestDocument extends EventTarget {
  visibilityState = 'visible';
}

/** Makes a page out of Node's globals, which have `fetch`, `crypto` and `EventTarget`. */
function openPage(navigator: object = {}): TestDocument {
  const document = new TestDocument();
  const window = new EventTarget();
  entries = new Map();
  vi.stubGlobal('navigator', navigator);
  vi.stubGlobal('document', document);
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => entries.set(key, value),
  });
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
  vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window));
  return document;
}

function client(options: object = {}): Client {
  const { endpoint } = server;
  const limits = { flushIntervalMs: 60_000 };
  const telemetry = createClient({
    endpoint,
    project: 'kusk',
    appVersion: '1.0.0',
    limits,
    ...options,
  });
  made.push(telemetry);
  return telemetry;
}

beforeEach(async () => {
  server = await startServer();
});
afterEach(async () => {
  await Promise.all(made.splice(0).map((telemetry) => telemetry.close({ timeoutMs: 0 })));
  server.stop();
  vi.unstubAllGlobals();
});

describe('in a page', () => {
  it('events are sent as text, so that the browser asks for no permission first', async () => {
    openPage();
    const telemetry = client();
    telemetry.capture('opened');
    await telemetry.flush();
    expect(server.received).toMatchObject([{ method: 'POST', url: '/p/kusk/events' }]);
    expect(server.received[0]?.headers).toMatchObject({ 'content-type': 'text/plain' });
    expect(telemetry.preview('opened')?.headers).toEqual({ 'content-type': 'text/plain' });
    expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject([
      { event: 'opened', properties: { version: '1.0.0' } },
    ]);
  });

  it('a request outlives the page, carries no cookie and no referrer, and follows nothing', async () => {
    openPage();
    const fetched = vi.fn<typeof fetch>(async () => new Response());
    vi.stubGlobal('fetch', fetched);
    const telemetry = client();
    telemetry.capture('opened');
    await telemetry.flush();
    expect(fetched.mock.calls[0]?.[1]).toMatchObject({
      keepalive: true,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      redirect: 'manual',
      cache: 'no-store',
    });
  });

  it('a redirect, which a browser hides, is not tried again', async () => {
    openPage();
    const hidden = { status: 0, headers: new Headers(), text: async () => '' };
    const fetched = vi.fn(async () => hidden);
    vi.stubGlobal('fetch', fetched);
    const telemetry = client();
    telemetry.capture('opened');
    await telemetry.flush();
    await telemetry.flush();
    expect(fetched).toHaveBeenCalledOnce();
    expect(telemetry.status().dropped).toBe(1);
  });

  it('what waits is sent when the page is hidden', async () => {
    const document = openPage();
    client().capture('opened');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(server.received).toEqual([]);
    document.visibilityState = 'hidden';
    document.dispatchEvent(new Event('visibilitychange'));
    await expect.poll(() => server.received.length).toBe(1);
  });

  it('the choice and the id are in localStorage', () => {
    openPage();
    const telemetry = client({ countOptOut: false });
    telemetry.capture('opened');
    telemetry.disable();
    expect([...entries.keys()]).toEqual(['rollcall:kusk']);
    expect(client().status()).toMatchObject({ reason: 'disabled' });
  });

  it.each<[string, object]>([
    ['Global Privacy Control', { globalPrivacyControl: true }],
    ['Do Not Track', { doNotTrack: '1' }],
    ['Do Not Track as Firefox once said it', { doNotTrack: 'yes' }],
    ['Do Not Track as Internet Explorer did', { msDoNotTrack: '1' }],
  ])('%s is obeyed', async (_what, navigator) => {
    openPage(navigator);
    const telemetry = client();
    telemetry.capture('opened');
    await telemetry.flush();
    expect(telemetry.status()).toMatchObject({ isOn: false, reason: 'browser-signal' });
    expect(server.received).toEqual([]);
    expect(entries.size).toBe(0);
  });

  it('a user who asked for nothing is not taken for one who did', () => {
    openPage({ doNotTrack: 'unspecified', globalPrivacyControl: false });
    expect(client().status().isOn).toBe(true);
  });

  it('forbidden localStorage keeps telemetry off: a choice may be in it', () => {
    openPage();
    Object.defineProperty(globalThis, 'localStorage', {
      configurable: true,
      get: () => {
        throw new Error('denied');
      },
    });
    expect(client().status()).toMatchObject({ isOn: false, reason: 'unreadable-storage' });
  });

  it('another storage can take its place', () => {
    openPage();
    const storage = memoryStorage();
    client({ storage }).capture('opened');
    expect(entries.size).toBe(0);
    expect(storage.text).toMatch(/installation_id/);
  });
});

describe('a random id', () => {
  it('is a UUID also where the browser does not make one', () => {
    vi.stubGlobal('crypto', {
      getRandomValues: (bytes: Uint8Array) => bytes.fill(255),
    });
    expect(randomUuid()).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
    vi.unstubAllGlobals();
    expect(randomUuid()).toMatch(UUID);
  });
});
