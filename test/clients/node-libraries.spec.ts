import { afterEach, expect, test, vi } from 'vitest';
import { runningRollcall } from '../stack/running-rollcall.ts';
import { INSTALLATIONS, type Assignment, type Delivery } from './delivery.ts';
import { sendByPostHog, sendByRudder, sendBySegment } from './node-libraries.ts';
import { instant, storedSince } from './stored.ts';

const COUNT = 25;
const rollcall = runningRollcall();
const url = rollcall.gateway;
const kusk = { url, writeKey: rollcall.keys.kusk, count: COUNT };
const glasskube = { url, writeKey: rollcall.keys.glasskube, count: COUNT };

afterEach(() => {
  vi.unstubAllEnvs();
});

async function expectEachOnce(
  project: string,
  library: string,
  send: () => Promise<Delivery>,
): Promise<void> {
  const since = instant();
  expect(await send()).toEqual({ delivered: COUNT, failures: [] });
  expect(await storedSince(rollcall, project, since)).toEqual({
    rows: COUNT,
    finalRows: COUNT,
    eventIds: COUNT,
    installations: INSTALLATIONS,
    libraries: [library],
    refused: 0,
  });
}

test.each<[string, (assignment: Assignment) => Promise<Delivery>, string]>([
  ['@segment/analytics-node', sendBySegment, '@segment/analytics-node'],
  ['@rudderstack/rudder-sdk-node', sendByRudder, 'analytics-node'],
])('%s reports every message delivered, and each is stored once', async (_, send, library) => {
  await expectEachOnce('kusk', library, () => send(kusk));
});

test.each([
  ['plain', true],
  ['gzip', false],
])(
  'posthog-node in %s reports every message delivered, and each is stored once',
  async (manner, disableCompression) => {
    await expectEachOnce('glasskube', 'posthog-node', () =>
      sendByPostHog(glasskube, { library: `posthog-${manner}`, disableCompression }),
    );
  },
);

test('posthog-node with POSTHOG_CAPTURE_MODE=v1 reports every message delivered, and each is stored once', async () => {
  vi.stubEnv('POSTHOG_CAPTURE_MODE', 'v1');
  await expectEachOnce('glasskube', 'posthog-node', () =>
    sendByPostHog(glasskube, { library: 'posthog-v1', disableCompression: false }),
  );
});
