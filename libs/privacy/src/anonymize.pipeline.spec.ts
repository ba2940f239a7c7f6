import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventRow, MetricSampleRow } from '@rollcall/contracts-anonymized';
import { CatalogueFileSchema } from '@rollcall/contracts-catalogue';
import type { RawEvent } from '@rollcall/contracts-raw';
import { describe, expect, it } from 'vitest';
import { createAnonymizer } from './anonymize.pipeline.ts';
import { ListedDrops } from './drop-log.ts';
import { compilePolicy } from './policy.ts';
import { createProjectKeys } from './project-keys.ts';
import { DOMAINS, eventIdFor, pseudonymize } from './pseudonym.ts';

const acme = CatalogueFileSchema.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/acme.json'), 'utf8')),
);
const RECEIVED_AT = Date.parse('2026-11-21T10:00:00.250Z');
const HOUR_MS = 3_600_000;
const INSTALLATION = '56279633-3131-436b-b8f2-9008a49a2f12';
const keys = createProjectKeys({
  eventIdKey: Buffer.alloc(32, 'a1'),
  epochs: [
    { epoch: 1, startsAt: 0, key: Buffer.alloc(32, 'b2') },
    { epoch: 2, startsAt: RECEIVED_AT + 1, key: Buffer.alloc(32, 'c3') },
  ],
});
const anonymize = createAnonymizer({
  policies: new Map([['acme', compilePolicy(acme)]]),
  keysOf: (project) => (project === 'acme' ? keys : undefined),
});

const used = (changes: Partial<RawEvent> = {}): RawEvent => ({
  project: 'acme',
  dialect: 'native',
  event: 'used',
  event_id: 'retry-me-4711',
  installation_id: INSTALLATION,
  occurred_at: RECEIVED_AT - 1_500,
  received_at: RECEIVED_AT,
  properties: {},
  ...changes,
});

function run(value: unknown) {
  const drops = new ListedDrops();
  const coordinates = { partition: 3, offset: '9007199254740993', index: 7 };
  const outcome = anonymize({ value, coordinates, drops });
  if (outcome.kind !== 'ok') return { code: outcome.code, kind: outcome.kind, dropped: drops.list };
  const rows = [outcome.value.eventLine, ...outcome.value.sampleLines].map(
    (line) => JSON.parse(line) as unknown,
  );
  return {
    event: rows[0] as EventRow,
    samples: rows.slice(1) as MetricSampleRow[],
    dropped: drops.list,
  };
}

const properties = (sent: Record<string, unknown>) =>
  run(used({ properties: sent })).event?.properties;
const dropped = (sent: Record<string, unknown>) => run(used({ properties: sent })).dropped;

describe('an event', () => {
  it('becomes one row with every column of rollcall.events', () => {
    const { event } = run(used({ properties: { version: 'v1.2.3', machine: { os: 'linux' } } }));
    expect(event).toEqual({
      project: 'acme',
      dialect: 'native',
      event: 'used',
      event_id: eventIdFor(keys.eventId, 'retry-me-4711'),
      installation: pseudonymize(keys.epochs[0]!.key, DOMAINS.identifier, INSTALLATION),
      key_epoch: 1,
      app_version: 'v1.2.3',
      kubernetes_version: '',
      os: 'linux',
      arch: '',
      provider: '',
      occurred_at: '2026-11-21 09:59:58.750',
      client_occurred_at: '2026-11-21 09:59:58.750',
      received_at: '2026-11-21 10:00:00.250',
      expires_at: '2026-12-21 10:00:00',
      properties: { version: 'v1.2.3', machine: { os: 'linux' } },
      raw_partition: 3,
      raw_offset: '9007199254740993',
      raw_index: 7,
      is_ci: 0,
      is_dev: 0,
      is_fork: 0,
    });
  });

  it('has every field treated as the catalogue says', () => {
    const sent = {
      mode: 'turbo',
      size: 'small',
      tags: ['red', 'blue'],
      nodes: 3,
      load: 0.5,
      ci: false,
      release: 'v1.33.1-eks-1-33-8',
      made_at: '2026-11-21T00:47:15Z',
      memory: 2_000,
      agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
      command: ['install', '/home/jane/api.yaml'],
      packages: ['a', 'b'],
      page: 'https://acme.example/docs?mail=jane@example.org',
      url: { Host: 'acme.example', Path: '/docs', RawQuery: 'mail=jane@example.org' },
      flags: ['--yes', '--token=s3cr3t'],
      machine: { disk: { count: 2 } },
    };
    expect(properties(sent)).toEqual({
      mode: 'other',
      size: 'small',
      tags: ['red'],
      nodes: 3,
      load: 0.5,
      ci: false,
      release: 'v1.33',
      made_at: '2026-11-21',
      memory: 1024,
      agent: 'Firefox on Linux',
      command: 'install',
      packages: 2,
      page: '/docs',
      url: '/docs',
      flags: ['--yes', '--token'],
      machine: { disk: { count: 2 } },
    });
    expect(dropped(sent)).toEqual([{ path: 'tags', reason: 'AN_FIELD_VALUE' }]);
  });

  it('has the installation and every identifier field under one pseudonym when they are equal', () => {
    const { event } = run(
      used({ properties: { cluster: INSTALLATION, machine: { id: 'other-one' } } }),
    );
    expect(event?.properties['cluster']).toBe(event?.installation);
    expect(JSON.stringify(event?.properties['machine'])).toMatch(/^\{"id":"[0-9a-f]{32}"\}$/);
    expect(event?.properties['machine']).not.toEqual({ id: event?.installation });
  });

  it('without an installation has neither pseudonym nor key epoch', () => {
    expect(run(used({ installation_id: '' })).event).toMatchObject({
      installation: '',
      key_epoch: 0,
    });
  });

  it('without an installation names the epoch of the pseudonyms in its fields', () => {
    const value = used({ installation_id: '', properties: { cluster: 'abc' } });
    expect(run(value).event).toMatchObject({ installation: '', key_epoch: 1 });
  });

  it('received after a rotation is under the new epoch, and still the same event', () => {
    const before = run(used()).event;
    const after = run(used({ received_at: RECEIVED_AT + 1 })).event;
    expect(after?.key_epoch).toBe(2);
    expect(after?.installation).not.toBe(before?.installation);
    expect(after?.event_id).toBe(before?.event_id);
  });
});

describe('what the catalogue does not name', () => {
  it('is dropped and told by path', () => {
    const sent = {
      extra: 'jane',
      nodes: 1,
      machine: { serial: 'x', disk: { maker: 'y' } },
      deep: { a: { b: 1 } },
    };
    expect(properties(sent)).toEqual({ nodes: 1 });
    expect(dropped(sent)).toEqual([
      { path: 'extra', reason: 'AN_FIELD_UNDECLARED' },
      { path: 'machine.serial', reason: 'AN_FIELD_UNDECLARED' },
      { path: 'machine.disk.maker', reason: 'AN_FIELD_UNDECLARED' },
      { path: 'deep', reason: 'AN_FIELD_UNDECLARED' },
    ]);
  });

  it('cannot hide behind a key with a dot', () => {
    const sent = { 'machine.os': 'linux', 'machine.disk': { count: 1 } };
    expect(properties(sent)).toEqual({});
    expect(dropped(sent).map(({ reason }) => reason)).toEqual([
      'AN_FIELD_UNDECLARED',
      'AN_FIELD_UNDECLARED',
    ]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'is dropped when it is called %s',
    (key) => {
      const sent = JSON.parse(
        `{"${key}":{"os":"linux"},"machine":{"${key}":"linux"},"nodes":1}`,
      ) as object;
      expect(properties(sent as Record<string, unknown>)).toEqual({ nodes: 1 });
      expect(({} as Record<string, unknown>)['os']).toBeUndefined();
    },
  );

  it('is not told by name when the name itself could identify', () => {
    expect(dropped({ 'jane@example.org': 1 })).toEqual([
      { path: '(a name that is not shown)', reason: 'AN_FIELD_UNDECLARED' },
    ]);
  });

  it('is refused as a whole when it is an event or a project', () => {
    expect(run(used({ event: 'spied' }))).toMatchObject({ kind: 'drop', code: 'AN_EVENT_UNKNOWN' });
    expect(run(used({ event: 'constructor' }))).toMatchObject({
      kind: 'drop',
      code: 'AN_EVENT_UNKNOWN',
    });
    expect(run(used({ project: 'evil' }))).toMatchObject({
      kind: 'drop',
      code: 'AN_PROJECT_UNKNOWN',
    });
  });
});

describe('a declared field', () => {
  it('of the wrong type is dropped with its code, the event goes on', () => {
    const sent = { nodes: '3', machine: 'linux', cluster: 7, tags: 'red', size: 'small' };
    expect(properties(sent)).toEqual({ size: 'small' });
    expect(dropped(sent)).toEqual(
      expect.arrayContaining(
        ['machine', 'nodes', 'cluster', 'tags'].map((path) => ({ path, reason: 'AN_FIELD_TYPE' })),
      ),
    );
  });

  it('of a value that is not let through is dropped with its code', () => {
    expect(dropped({ nodes: 1_001, size: 'jane' })).toEqual([
      { path: 'nodes', reason: 'AN_FIELD_VALUE' },
      { path: 'size', reason: 'AN_FIELD_VALUE' },
    ]);
  });

  it('that is null or an empty identifier is as good as absent', () => {
    const sent = { nodes: null, cluster: '', machine: null };
    expect(properties(sent)).toEqual({});
    expect(dropped(sent)).toEqual([]);
  });
});

describe('identifiers', () => {
  it.each([
    ['an installation id over 512 bytes', { installation_id: 'a'.repeat(513) }],
    ['an installation id with half a character', { installation_id: 'a\udc00' }],
    ['an empty event id', { event_id: '' }],
  ])('%s makes a dead letter', (_name, changes) => {
    expect(run(used(changes))).toMatchObject({ kind: 'dead_letter', code: 'AN_ID_INVALID' });
  });

  it.each([
    ['the installation id', { installation_id: 'bobs laptop' }, 'bobs laptop'],
    ['it inside longer text', { installation_id: 'bobs laptop' }, 'saw bobs laptop today'],
    ['the event id', { event_id: 'order 66 b' }, 'order 66 b'],
    ['it escaped by JSON', { installation_id: 'say "hi" \\ now' }, 'they say "hi" \\ now!'],
  ])('%s in a kept field makes a dead letter', (_name, changes, note) => {
    const value = used({ ...changes, properties: { note } });
    expect(run(value)).toMatchObject({ kind: 'dead_letter', code: 'AN_RAW_FIELD_LEFT' });
  });

  it('of a pseudonymized field in a kept field makes a dead letter', () => {
    const value = used({ properties: { cluster: 'bobs cluster', note: 'on bobs cluster' } });
    expect(run(value)).toMatchObject({ code: 'AN_RAW_FIELD_LEFT' });
  });

  it('in a number makes a dead letter', () => {
    const machine = { disk: { count: 12_345_678 } };
    const value = used({ installation_id: '234567', properties: { machine } });
    expect(run(value)).toMatchObject({ code: 'AN_RAW_FIELD_LEFT' });
  });

  it.each([
    'properties',
    'installation',
    'native',
    'acme-x',
    '2026-11-21',
    '900719925474',
    'version',
  ])('that happen to be our own word (%s) do no harm', (installation_id) => {
    const value = used({ installation_id, properties: { version: 'v1.2.3' } });
    expect(run(value).event?.installation).toMatch(/^[0-9a-f]{32}$/);
  });

  it('that happen to stand in a pseudonym do no harm', () => {
    const pseudonym = pseudonymize(keys.epochs[0]!.key, DOMAINS.identifier, 'abc');
    const value = used({ installation_id: pseudonym.slice(4, 12), properties: { cluster: 'abc' } });
    expect(run(value).event?.properties['cluster']).toBe(pseudonym);
  });
});

describe('the client’s clock', () => {
  const at = (occurred_at: number | null) => {
    const { event, dropped: drops } = run(used({ occurred_at }));
    return [event?.occurred_at, event?.client_occurred_at, drops.map(({ reason }) => reason)];
  };

  it('is taken within the allowed skew', () => {
    const text = '2026-11-19 10:00:00.250';
    expect(at(RECEIVED_AT - 48 * HOUR_MS)).toEqual([text, text, []]);
  });

  it('is clamped beyond it, kept beside and counted', () => {
    expect(at(RECEIVED_AT + 48 * HOUR_MS + 1)).toEqual([
      '2026-11-23 10:00:00.250',
      '2026-11-23 10:00:00.251',
      ['AN_CLOCK_SKEWED'],
    ]);
  });

  it('is kept as far as ClickHouse can hold it', () => {
    expect(at(-1e300)).toEqual([
      '2026-11-19 10:00:00.250',
      '1900-01-01 00:00:00.000',
      ['AN_CLOCK_SKEWED'],
    ]);
  });

  it('is the gateway’s when the wire has none', () => {
    expect(at(null)).toEqual(['2026-11-21 10:00:00.250', null, []]);
  });
});

describe('a push of samples', () => {
  const push = used({
    dialect: 'cozystack',
    event: 'pushed',
    samples: [
      { name: 'acme_secret', labels: {}, value: 1 },
      {
        name: 'acme_info',
        labels: { acme_version: 'v1.2.3', uid: 'pod-0815', host: 'janes' },
        value: 1,
      },
      { name: 'acme_nodes', labels: {}, value: 7 },
      { name: 'acme_nodes', labels: {}, value: -7 },
      { name: 'acme_nodes', labels: { host: 'joes' }, value: 5 },
    ],
  });

  it('becomes one event and a row per declared sample, in its place', () => {
    const { event, samples } = run(push);
    expect(event).toMatchObject({ event: 'pushed', app_version: 'v1.2.3', properties: {} });
    const pushed = {
      project: 'acme',
      event_id: event?.event_id,
      installation: event?.installation,
      key_epoch: 1,
      occurred_at: event?.occurred_at,
      received_at: event?.received_at,
      expires_at: event?.expires_at,
    };
    const uid = pseudonymize(keys.epochs[0]!.key, DOMAINS.identifier, 'pod-0815');
    expect(samples).toEqual([
      {
        ...pushed,
        sample_index: 1,
        name: 'acme_info',
        labels: { acme_version: 'v1.2.3', uid },
        value: 1,
        pushed: 1,
      },
      // two series that are one without what is not kept
      { ...pushed, sample_index: 2, name: 'acme_nodes', labels: {}, value: 3, pushed: 6 },
      { ...pushed, sample_index: 4, name: 'acme_nodes', labels: {}, value: 3, pushed: 6 },
    ]);
  });

  it('tells what was left out', () => {
    expect(run(push).dropped).toEqual([
      { path: 'acme_secret', reason: 'AN_SAMPLE_UNDECLARED' },
      { path: 'acme_info.host', reason: 'AN_FIELD_UNDECLARED' },
      { path: 'acme_nodes.host', reason: 'AN_FIELD_UNDECLARED' },
      { path: 'acme_nodes', reason: 'AN_FIELD_VALUE' },
    ]);
  });

  it('is searched for identifiers too', () => {
    const samples = [{ name: 'acme_info', labels: { acme_version: '20.11.21' }, value: 1 }];
    expect(run(used({ event: 'pushed', installation_id: '20.11.2', samples }))).toMatchObject({
      code: 'AN_RAW_FIELD_LEFT',
    });
  });
});

describe('what is no raw event', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['text', 'x'],
    ['a list', [used()]],
    ['an event without properties', { ...used(), properties: undefined }],
    ['an event of an unknown dialect', used({ dialect: 'telegraph' })],
    ['an event without a gateway’s time', { ...used(), received_at: null }],
    ['an event of a broken gateway’s clock', used({ received_at: 0 })],
    ['an event with a time as text', { ...used(), occurred_at: '2026-11-21T10:00:00Z' }],
    ['an event with a number as id', { ...used(), event_id: 7 }],
    [
      'an event with samples of another shape',
      { ...used(), samples: [{ name: 'a', labels: { b: 1 }, value: 1 }] },
    ],
  ])('makes a dead letter: %s', (_name, value) => {
    expect(run(value)).toMatchObject({ kind: 'dead_letter', code: 'AN_EVENT_UNREADABLE' });
  });
});

it('passes nothing of a project without keys', () => {
  const keyless = createAnonymizer({
    policies: new Map([['acme', compilePolicy(acme)]]),
    keysOf: () => undefined,
  });
  const coordinates = { partition: 0, offset: '0', index: 0 };
  expect(keyless({ value: used(), coordinates, drops: new ListedDrops() }).kind).toBe(
    'dead_letter',
  );
});
