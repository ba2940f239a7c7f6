import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HEADERS, TOPICS, type Coordinates } from '@rollcall/contracts-transport';
import { createKafka, readRecords, type RecordProducer } from '@rollcall/kafka';
import { silentLog } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  OutputReader,
  connectProducer,
  createAnonymizer,
  kafkaSettings,
  makeDataDir,
  rawEvent,
  startAnonymizer,
  type RunningAnonymizer,
} from './anonymizer.fixture.ts';

const PARTITION = 2;
const TOKEN = 'the-token-of-the-replay-spec';
const instant = Date.parse('2026-11-19T00:00:00Z');

let dataDir: Awaited<ReturnType<typeof makeDataDir>>;
let producer: RecordProducer;
let reader: OutputReader;
let service: RunningAnonymizer;

/** The setting that names the file of the token. */
function tokenSetting(): Record<string, string> {
  const file = join(dataDir.path, 'admin-token');
  writeFileSync(file, `${TOKEN}\n`, { mode: 0o600 });
  return { ANONYMIZER_ADMIN_TOKEN_FILE: file };
}

beforeAll(async () => {
  dataDir = await makeDataDir();
  reader = new OutputReader();
  [producer] = await Promise.all([connectProducer(), reader.start()]);
  service = await startAnonymizer(dataDir.path, tokenSetting());
});
afterAll(async () => {
  await Promise.all([service.app.close(), reader.stop(), producer.disconnect()]);
  dataDir.remove();
});

const bearer = { authorization: `Bearer ${TOKEN}` };

async function post(
  body: unknown,
  headers: Record<string, string> = bearer,
  { app } = service,
): Promise<Response> {
  return fetch(`${await app.getUrl()}/replays`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const asked = (records: readonly Coordinates[], isDry = false) => ({
  topic: TOPICS.raw,
  dry_run: isDry,
  records,
});

/** Where the next record of the partition will lie. */
async function endOffset(): Promise<number> {
  const admin = createKafka(kafkaSettings(), silentLog).admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(TOPICS.raw);
  await admin.disconnect();
  return Number(ends.find(({ partition }) => partition === PARTITION)?.high);
}

/** A raw record of these events. @returns its offset */
async function produce(events: readonly object[]): Promise<number> {
  const offset = await endOffset();
  const value = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  const headers = { [HEADERS.version]: '1', [HEADERS.count]: String(events.length) };
  await producer.send(TOPICS.raw, PARTITION, [{ value, headers }]);
  return offset;
}

async function linesAt(offset: number): Promise<readonly unknown[]> {
  const values: string[] = [];
  await readRecords(
    kafkaSettings(),
    { topic: TOPICS.raw, offsets: new Map([[PARTITION, [String(offset)]]]) },
    ({ record }) => Promise.resolve(void values.push(record.value.toString())),
    silentLog,
  );
  return values
    .flatMap((value) => value.trimEnd().split('\n'))
    .map((line): unknown => JSON.parse(line));
}

const at = (offset: number, index: number): Coordinates => ({
  partition: PARTITION,
  offset: String(offset),
  index,
});

describe('who may replay', () => {
  it.each([
    ['nothing', {}],
    ['another token', { authorization: 'Bearer another-token-altogether' }],
    ['a part of the token', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['the token in another form', { authorization: `Basic ${TOKEN}` }],
  ])('is not who brings %s', async (_, headers: Record<string, string>) => {
    const offset = await produce([rawEvent({})]);
    const refused = await post(asked([at(offset, 0)]), headers);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: 'AN_TOKEN_UNKNOWN' });
    // also for what is no request: nobody's body is read before the token
    expect((await post('no JSON', headers)).status).toBe(401);
    expect(await endOffset()).toBe(offset + 1);
  });

  it('is nobody where the anonymizer has no token, while health answers', async () => {
    const own = await startAnonymizer(dataDir.path);
    try {
      const url = await own.app.getUrl();
      const refused = await fetch(`${url}/replays`, { method: 'POST', headers: bearer });
      expect(refused.status).toBe(403);
      expect(await refused.json()).toMatchObject({ code: 'AN_REPLAY_UNSET' });
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
    } finally {
      await own.app.close();
    }
  });
});

describe('what may be asked', () => {
  const one = at(0, 0);
  it.each([
    ['no JSON', 'planted'],
    ['no record', asked([])],
    ['too many records', asked(Array.from({ length: 1_001 }, () => one))],
    ['a body without end', `"${'planted'.repeat(20_000)}"`],
    ['the topic of erasures', { ...asked([one]), topic: TOPICS.erasure }],
    ['an event', { ...asked([one]), value: 'planted' }],
    ['no partition', asked([{ ...one, partition: -1 }])],
    ['no offset', asked([{ ...one, offset: 'planted' }])],
    ['nothing about producing', { topic: TOPICS.raw, records: [one] }],
  ])('is not %s', async (_, body) => {
    const refused = await post(body);
    expect(refused.status).toBe(400);
    const text = await refused.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'AN_REPLAY_SHAPE' });
    expect(text).not.toContain('planted');
  });
});

describe('a replay', () => {
  it('tried dry counts and produces nothing', async () => {
    const offset = await produce([rawEvent({}), rawEvent({}), rawEvent({})]);
    const places = [at(offset, 1), at(offset, 2), at(offset + 1_000_000, 0)];
    const answer = await post(asked(places, true));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ records: 2, lines: 2, repeated: 0, missing: 1 });
    expect(await endOffset()).toBe(offset + 1);
  });

  it('brings the refused line alone, and its event again under the id that it had', async () => {
    const receivedAt = instant + 1;
    const wanted = rawEvent({ received_at: receivedAt });
    const offset = await produce([rawEvent({ received_at: receivedAt + 1 }), wanted]);
    await vi.waitFor(() => expect(reader.eventsAt(receivedAt)).toHaveLength(1), 30_000);
    for (const time of [1, 2]) {
      const answer = await post(asked([at(offset, 1)]));
      expect(await answer.json()).toEqual({ records: 1, lines: 1, repeated: 0, missing: 0 });
      expect(await linesAt(offset + time)).toEqual([wanted]);
    }
    await vi.waitFor(() => expect(reader.eventsAt(receivedAt)).toHaveLength(3), 30_000);
    expect(new Set(reader.eventsAt(receivedAt).map((row) => row.event_id)).size).toBe(1);
    expect(reader.eventsAt(receivedAt + 1)).toHaveLength(1);
    const metrics = await (await fetch(`${await service.app.getUrl()}/metrics`)).text();
    expect(metrics).toContain(`anonymizer_replayed_lines_total{topic="${TOPICS.raw}"} 2`);
  });

  it('is alone: another one is refused meanwhile', async () => {
    const offset = await produce([rawEvent({})]);
    const answers = await Promise.all([1, 2, 3].map(() => post(asked([at(offset, 0)], true))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    expect((await post(asked([at(offset, 0)], true))).status).toBe(200);
  });

  it('ends with a code while Kafka is away, and so does the process when it is told to', async () => {
    const alone = { ...tokenSetting(), KAFKA_BROKERS: '127.0.0.1:1' };
    const own = await createAnonymizer(dataDir.path, alone);
    const started = own.start();
    try {
      await vi.waitFor(async () => expect(await own.app.getUrl()).toMatch(/:[1-9]/), 10_000);
      const failed = await post(asked([at(0, 0)]), bearer, own);
      expect(failed.status).toBe(503);
      expect(failed.headers.get('retry-after')).toBe('5');
      expect(await failed.json()).toMatchObject({ code: 'AN_REPLAY_FAILED' });
    } finally {
      await own.app.close();
      await started;
    }
  });

  it('leaves nothing of an event and no token in the log', async () => {
    const secret = `jane-${randomUUID()}@example.org`;
    const offset = await produce([rawEvent({ event: secret, installation_id: secret })]);
    expect((await post(asked([at(offset, -1)]))).status).toBe(200);
    expect(service.logged()).toContain('Refused lines were replayed.');
    expect(service.logged()).not.toContain(secret);
    expect(service.logged()).not.toContain(TOKEN);
  });
});
