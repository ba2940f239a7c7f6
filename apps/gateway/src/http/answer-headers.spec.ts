import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type RunningGateway } from '../gateway.fixture.ts';

let gateway: RunningGateway;

beforeAll(async () => {
  // no broker: what is refused before an event is stored needs none
  gateway = await startGateway(
    { GATEWAY_BODY_MAX_BYTES: '2048', KAFKA_BROKERS: '127.0.0.1:1' },
    { isConnected: false },
  );
});
afterAll(() => gateway.app.close());

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(gateway.url + path, init);
const fromPage = { origin: 'https://app.example' };

test.each([
  ['a refusal', '/p/kamaji/events', { method: 'POST', body: 'hello' }],
  ['a path of nobody', '/nothing', {}],
  ['a preflight', '/p/kamaji/events', { method: 'OPTIONS' }],
  ['health', '/health/live', {}],
  ['metrics', '/metrics', {}],
  ['the privacy page', '/p/kamaji/privacy', {}],
])('protects whoever looks at %s, and does not say what it is made of', async (_, path, init) => {
  const { headers } = await ask(path, init);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('server')).toBeNull();
  expect(headers.get('x-powered-by')).toBeNull();
});

test('lets nobody keep the answer to an event', async () => {
  const { headers } = await ask('/p/kamaji/events', { method: 'POST', body: 'hello' });
  expect(headers.get('cache-control')).toBe('no-store');
});

test('lets browsers keep the privacy page', async () => {
  const { headers } = await ask('/p/kamaji/privacy');
  expect(headers.get('cache-control')).toBe('public, max-age=300');
});

test('lets pages read a refusal that came before any of our code: a body over the limit', async () => {
  const body = 'x'.repeat(4_096);
  const { status, headers } = await ask('/p/kamaji/events', {
    method: 'POST',
    headers: fromPage,
    body,
  });
  expect(status).toBe(413);
  expect(headers.get('access-control-allow-origin')).toBe('https://app.example');
  expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
});

test.each(['/metrics', '/%6detrics/', '/health/live', '/docs-json', '/docs'])(
  'lets no page of another origin read %s',
  async (path) => {
    const { headers } = await ask(path, { headers: fromPage });
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  },
);
