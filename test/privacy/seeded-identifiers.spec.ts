import { TOPICS } from '@rollcall/contracts-transport';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runningRollcall } from '../stack/running-rollcall.ts';
import { settled } from '../stack/settled.ts';
import { JSON_REQUESTS } from './base-requests.ts';
import { readLogs, readMetrics, readTables, readTopic, type Haystack } from './haystacks.ts';
import { seededRequests } from './seeded-requests.ts';
import { SEED_KINDS, SentSeeds } from './seeds.ts';
import { forEach, Sender } from './sender.ts';
import { replaceAt, textPlaces, type Place } from './text-places.ts';

const rollcall = runningRollcall();
const sender = new Sender(rollcall.capturesGateway);
const seeds = new SentSeeds();
const statuses = new Map<number, number>();
const dryRuns: Haystack[] = [];

beforeAll(async () => {
  await forEach(seededRequests(seeds), async (request) => {
    const { status } = await sender.send(request);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const { body } = await sender.dryRun(request);
    dryRuns.push({ title: `dry run of ${request.title}`, text: body });
  });
  await settled(rollcall);
}, 240_000);
afterAll(() => sender.close());

interface DryRun {
  readonly stored: readonly unknown[];
  readonly rejected: readonly { readonly index: number; readonly code: string }[];
}

/** Which event of its request a place is in. */
function indexOf(place: Place): number {
  return place.find((step) => typeof step === 'number') ?? 0;
}

/** The first few finds: one line each is enough to see where to look. */
function leaksIn(haystacks: readonly Haystack[]): readonly string[] {
  const leaks = haystacks.flatMap(({ title, text }) =>
    seeds.findIn(text).map((leak) => `${title}: ${leak}`),
  );
  return leaks.slice(0, 20);
}

test('identifiers were sent in every place, and most requests were taken', () => {
  console.log(`${seeds.count} identifiers; answers by status:`, Object.fromEntries(statuses));
  expect(seeds.count).toBeGreaterThan(5_000);
  expect(statuses.get(200)).toBeGreaterThan(3_000);
  // none was turned away unread, for the rate or for a fault of the gateway
  expect([...statuses.keys()].filter((status) => status >= 429)).toEqual([]);
});

test('the search finds every kind where it must be: in the topic that only the anonymizer reads', async () => {
  const { text } = await readTopic(rollcall, TOPICS.raw);
  const missing = SEED_KINDS.filter(({ mark }) => !mark.test(text)).map(({ name }) => name);
  expect(missing).toEqual([]);
});

const NAMED_EVENTS = JSON_REQUESTS.flatMap((request) => {
  const json: unknown = JSON.parse(request.body);
  const names = textPlaces(json).filter(
    (place) => place.at(-1) === 'event' && !place.includes('properties'),
  );
  return names.map((place) => ({ ...request, json, place }));
});

test.each(NAMED_EVENTS)(
  'an event that is called by an e-mail is refused: $title, $place',
  async ({ json, place, ...request }) => {
    const body = JSON.stringify(replaceAt(json, place, () => 'jane.seedleak0@mail.example'));
    const { body: answer } = await sender.dryRun({ ...request, body });
    const { stored, rejected } = JSON.parse(answer) as DryRun;
    expect(rejected).toContainEqual({ index: indexOf(place), code: 'GW_EVENT_UNKNOWN' });
    expect(stored).toEqual([]);
  },
);

describe('no identifier that was sent is found', () => {
  test.each([TOPICS.anonymized, TOPICS.rejected])('in any record of %s', async (topic) => {
    const haystack = await readTopic(rollcall, topic);
    expect(haystack.text.length).toBeGreaterThan(10_000);
    expect(leaksIn([haystack])).toEqual([]);
  });

  test('in any table of ClickHouse', async () => {
    const tables = await readTables(rollcall);
    const titles = tables.map(({ title }) => title);
    for (const table of ['events', 'metric_samples', 'rejections'])
      expect(titles).toContain(`table rollcall.${table}`);
    expect(leaksIn(tables)).toEqual([]);
  });

  test('in any log of any process', async () => {
    const logs = await readLogs(rollcall);
    expect(logs.length).toBeGreaterThanOrEqual(6);
    expect(leaksIn(logs)).toEqual([]);
  });

  test('in the metrics of any service', async () => {
    expect(leaksIn(await readMetrics(rollcall))).toEqual([]);
  });

  test('in any answer to a dry run', () => {
    expect(leaksIn(dryRuns)).toEqual([]);
  });
});
