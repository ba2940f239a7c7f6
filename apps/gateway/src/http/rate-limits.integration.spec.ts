import { testServers } from '@rollcall/testing';
import { afterEach, expect, test } from 'vitest';
import { startGateway, type RunningGateway } from '../gateway.fixture.ts';

let gateway: RunningGateway;

async function start(settings: Record<string, string>): Promise<void> {
  gateway = await startGateway({ KAFKA_BROKERS: testServers().brokers.join(','), ...settings });
}
afterEach(() => gateway.app.close());

const EVENT = JSON.stringify({ event: 'stats', installation_id: 'i-1', properties: {} });

interface Sent {
  readonly forwardedFor?: string;
  readonly body?: string;
  readonly path?: string;
}

async function post({ forwardedFor, body = EVENT, path = '/p/kamaji/events' }: Sent): Promise<{
  status: number;
  retryAfter: number;
  text: string;
}> {
  const headers: Record<string, string> = { origin: 'https://app.example' };
  if (forwardedFor !== undefined) headers['x-forwarded-for'] = forwardedFor;
  const response = await fetch(gateway.url + path, { method: 'POST', body, headers });
  const retryAfter = Number(response.headers.get('retry-after'));
  return { status: response.status, retryAfter, text: await response.text() };
}

const PER_ADDRESS = {
  GATEWAY_TRUSTED_PROXY_HOPS: '1',
  GATEWAY_RATE_ADDRESS_PER_SECOND: '0.2',
  GATEWAY_RATE_ADDRESS_BURST: '3',
};

test('answers 429 to an address that sends too much, whatever it forges, and to no other', async () => {
  await start(PER_ADDRESS);
  for (let i = 0; i < 3; i += 1)
    expect(await post({ forwardedFor: `198.51.100.${i}, 203.0.113.7` })).toMatchObject({
      status: 200,
    });
  const refused = await post({ forwardedFor: '198.51.100.9, 203.0.113.7' });
  expect(refused).toMatchObject({ status: 429, retryAfter: 5 });
  expect(JSON.parse(refused.text)).toMatchObject({ code: 'GW_RATE_LIMITED', status: 429 });
  expect(await post({ forwardedFor: '203.0.113.8' })).toMatchObject({ status: 200 });
});

test('refuses in the words of the dialect, and lets pages see when to try again', async () => {
  await start(PER_ADDRESS);
  const sent = { forwardedFor: '203.0.113.7', path: '/p/kusk/v1/batch', body: '{}' };
  for (let i = 0; i < 3; i += 1) await post(sent);
  const refused = await post(sent);
  expect(refused).toMatchObject({ status: 429, retryAfter: 5 });
  expect(JSON.parse(refused.text)).not.toHaveProperty('type');
  const health = await fetch(`${gateway.url}/health/live`, {
    headers: { 'x-forwarded-for': '203.0.113.7' },
  });
  expect(health.status).toBe(200);
});

test('counts what it refused without a word about who was refused', async () => {
  await start(PER_ADDRESS);
  for (let i = 0; i < 5; i += 1) await post({ forwardedFor: '203.0.113.7' });
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(metrics).toContain(
    'gateway_events_rejected_total{project="kamaji",code="GW_RATE_LIMITED"} 2',
  );
  expect(metrics).not.toContain('203.0.113');
});

test('limits the events of a project, all of a request or none', async () => {
  await start({ GATEWAY_RATE_KEY_PER_SECOND: '1', GATEWAY_RATE_KEY_BURST: '10' });
  const seven = `${EVENT}\n`.repeat(7);
  expect(await post({ body: seven })).toMatchObject({ status: 200 });
  const refused = await post({ body: seven });
  expect(refused.status).toBe(429);
  expect(refused.retryAfter).toBeGreaterThan(2);
  expect(await post({ body: `${EVENT}\n`.repeat(3) })).toMatchObject({ status: 200 });
});
