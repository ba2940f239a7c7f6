import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHROMIUM } from './chromium.config.ts';

interface Received {
  readonly method: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const received: Received[] = [];
const servers: Server[] = [];
let browser: Browser;
let site: string;
let gateway: string;

/** @returns its origin; two servers are two origins. */
async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bundle(): Promise<string> {
  const input = join(import.meta.dirname, '../../libs/client/src/browser.ts');
  const build = await rolldown({ input, platform: 'browser', transform: { target: 'es2022' } });
  const { output } = await build.generate({ format: 'esm' });
  await build.close();
  return output[0].code;
}

function startGateway(): Server {
  return createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      received.push({ method: request.method, headers: request.headers, body });
      response.setHeader('access-control-allow-origin', request.headers.origin ?? '');
      response.setHeader('access-control-allow-credentials', 'true');
      response.setHeader('content-type', 'application/json');
      response.end('{"accepted":1,"rejected":[]}');
    });
  });
}

function startSite(script: string): Server {
  return createServer((request, response) => {
    const isScript = request.url === '/kit.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.setHeader('set-cookie', 'session=secret');
    response.end(isScript ? script : '<title>A page</title>');
  });
}

/** Opens the site and makes its client, as `telemetry`. */
async function open(script = ''): Promise<Page> {
  const page = await browser.newPage();
  await page.addInitScript(script);
  await page.goto(`${site}/secret-path?token=secret`);
  await page.addScriptTag({
    type: 'module',
    content: `import { createClient } from '/kit.js';
      globalThis.telemetry = createClient({ endpoint: '${gateway}', project: 'kusk', appVersion: '1.2.3' });`,
  });
  await page.waitForFunction('globalThis.telemetry !== undefined');
  return page;
}

describe.skipIf(CHROMIUM === undefined)('the client kit in a real browser', () => {
  beforeAll(async () => {
    gateway = await listen(startGateway());
    site = await listen(startSite(await bundle()));
    browser = await chromium.launch({
      executablePath: CHROMIUM ?? '',
      args: ['--no-sandbox'],
    });
  });
  afterAll(async () => {
    await browser.close();
    for (const server of servers) server.close();
  });
  beforeEach(() => {
    received.length = 0;
  });

  it('sends across origins in one request: no preflight, no cookie, no referrer', async () => {
    const page = await open();
    await page.evaluate(`telemetry.capture('opened', { n: 1 }); telemetry.flush()`);
    expect(await page.evaluate('telemetry.status()')).toMatchObject({ isOn: true, sent: 1 });
    expect(received.map(({ method }) => method)).toEqual(['POST']);
    expect(received[0]?.headers).not.toHaveProperty('cookie');
    expect(received[0]?.headers).not.toHaveProperty('referer');
    expect(received[0]?.body).not.toContain('secret');
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject([
      { event: 'opened', properties: { version: '1.2.3', n: 1 } },
    ]);
    await page.close();
  });

  it('delivers what was captured right before the page was left', async () => {
    const page = await open();
    await page.evaluate(`telemetry.capture('left')`);
    await page.goto('about:blank');
    await expect.poll(() => received.length).toBe(1);
    expect(received[0]?.body).toContain('"event":"left"');
    await page.close();
  });

  it('keeps the id and the choice for the next visit', async () => {
    const page = await open();
    await page.evaluate(`telemetry.capture('a')`);
    const before = await page.evaluate('telemetry.status().installationId');
    await page.evaluate('telemetry.disable(); telemetry.close()');
    await page.reload();
    const stored = await page.evaluate(`localStorage.getItem('rollcall:kusk')`);
    expect(JSON.parse(String(stored))).toMatchObject({
      installation_id: before,
      choice: 'disabled',
    });
    await page.close();
  });

  it('is off under Global Privacy Control', async () => {
    const signal = `Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })`;
    const page = await open(signal);
    await page.evaluate(`telemetry.capture('opened'); telemetry.flush()`);
    expect(await page.evaluate('telemetry.status()')).toMatchObject({ reason: 'browser-signal' });
    expect(received).toEqual([]);
    await page.close();
  });
});
