import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CHROMIUM } from '../client-kit/chromium.config.ts';
import { runningRollcall } from '../stack/running-rollcall.ts';
import { startBrowser, type Browser, type BrowserRequest, type WatchedPage } from './browser.ts';
import type { Assignment, Delivery } from './delivery.ts';
import { startPageServer, type PageServer } from './page-server.ts';
import { instant, storedSince, type Stored } from './stored.ts';

const COUNT = 25;
const rollcall = runningRollcall();
const url = rollcall.gateway;
const kusk = { url, writeKey: rollcall.keys.kusk, count: COUNT };
const glasskube = { url, writeKey: rollcall.keys.glasskube, count: COUNT };

const ALL_DELIVERED: Delivery = { delivered: COUNT, failures: [] };
const reason = CHROMIUM ? '' : ' (left out: there is no Chromium here; CHROMIUM names one)';

/** Calls a function of a module in `page/`, which runs in the page. */
function call<Answer>(
  { page }: WatchedPage,
  [file, name]: readonly [string, string],
  settings: Assignment & Readonly<Record<string, unknown>>,
): Promise<Answer> {
  return page.evaluate(
    `import('/page/${file}').then((script) => script.${name}(${JSON.stringify(settings)}))`,
  );
}

/** Events of a body of posthog-js, which is gzip unless it was told not to compress. */
function eventsIn({ body }: BrowserRequest): number {
  if (body === null) return 0;
  const text = body[0] === 0x1f ? gunzipSync(body).toString() : body.toString();
  return (JSON.parse(text) as { batch: unknown[] }).batch.length;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const eachOnce = (library: string): Stored => ({
  rows: COUNT,
  finalRows: COUNT,
  eventIds: COUNT,
  installations: 1,
  libraries: [library],
  refused: 0,
});

/**
 * Requests that carried messages: none was repeated when there is no mark of a retry among them. The browser tells of a
 * request a little after its page knows: ask when everything is settled.
 */
function sending({ requestsTo }: WatchedPage, path: RegExp): readonly BrowserRequest[] {
  const sent = requestsTo(url).filter((request) => path.test(request.path));
  expect(sent.filter(({ headers }) => 'x-retry-count' in headers)).toEqual([]);
  expect(sent.filter(({ path }) => path.includes('retry_count'))).toEqual([]);
  return sent;
}

describe.skipIf(CHROMIUM === undefined)(`on a page of another origin${reason}`, () => {
  let browser: Browser;
  let website: PageServer;

  beforeAll(async () => {
    website = await startPageServer();
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    website.close();
  });

  const openPage = (): Promise<WatchedPage> => browser.open(`${website.url}/page/website.html`);

  test.each([
    ['gzip', false],
    ['plain JSON, which needs a preflight,', true],
  ])(
    'posthog-js in %s has every event taken at the first attempt, and each is stored once',
    async (_, disable_compression) => {
      const since = instant();
      const watched = await openPage();
      const settings = { ...glasskube, disable_compression };
      const { failures } = await call<Delivery>(watched, ['posthog.mjs', 'send'], settings);
      expect(failures).toEqual([]);
      expect(await storedSince(rollcall, 'glasskube', since)).toEqual(eachOnce('web'));
      expect(sum(sending(watched, /^\/e\//).map(eventsIn))).toBe(COUNT);
      // flags, settings and surveys too: nothing is missing, and the visitor's console stays empty
      expect(watched.requestsTo(url).filter(({ status }) => status !== 200)).toEqual([]);
      expect(watched.complaints).toEqual([]);
    },
  );

  test('posthog-js gets its last events out when the page is left, and each is stored once', async () => {
    const since = instant();
    const watched = await openPage();
    await call(watched, ['posthog.mjs', 'sendLate'], glasskube);
    await watched.page.goto('about:blank');
    // the browser sends what a page leaves behind when it likes: nothing that we see says that it is on its way
    await vi.waitFor(
      async () => expect(await storedSince(rollcall, 'glasskube', since)).toEqual(eachOnce('web')),
      { timeout: 30_000, interval: 250 },
    );
  });

  test('analytics-next reports every message delivered, and each is stored once', async () => {
    const since = instant();
    const watched = await openPage();
    expect(await call(watched, ['analytics.mjs', 'send'], kusk)).toEqual(ALL_DELIVERED);
    expect(await storedSince(rollcall, 'kusk', since)).toEqual(eachOnce('analytics.js'));
    expect(sending(watched, /^\/v1\/t$/).map(({ status }) => status)).toEqual(
      Array(COUNT).fill(200),
    );
    expect(watched.complaints).toEqual([]);
  });

  test('analytics-next in batches reports every message delivered, and each is stored once', async () => {
    const since = instant();
    const watched = await openPage();
    const deliveryStrategy = { strategy: 'batching', config: { size: 10, timeout: 500 } };
    const settings = { ...kusk, deliveryStrategy };
    expect(await call(watched, ['analytics.mjs', 'send'], settings)).toEqual(ALL_DELIVERED);
    expect(await storedSince(rollcall, 'kusk', since)).toEqual(eachOnce('analytics.js'));
    const batches = sending(watched, /^\/v1\/b$/);
    expect(batches.filter(({ status }) => status !== 200)).toEqual([]);
    expect(sum(batches.map(eventsIn))).toBe(COUNT);
  });

  test('analytics-next reports success to a visitor who opted out, and nothing is stored', async () => {
    const since = instant();
    const watched = await openPage();
    await watched.page.setExtraHTTPHeaders({ 'Sec-GPC': '1' });
    expect(await call(watched, ['analytics.mjs', 'send'], kusk)).toEqual(ALL_DELIVERED);
    expect(await storedSince(rollcall, 'kusk', since)).toMatchObject({ rows: 0, refused: COUNT });
  });
});
