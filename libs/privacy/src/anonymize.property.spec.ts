import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CatalogueFileSchema } from '@rollcall/contracts-catalogue';
import { RawEventSchema, type RawEvent } from '@rollcall/contracts-raw';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnonymizer } from './anonymize.pipeline.ts';
import { compilePolicy } from './policy.ts';
import { createProjectKeys } from './project-keys.ts';
import {
  DOMAINS,
  createPseudonymKey,
  eventIdFor,
  isIdentifier,
  pseudonymize,
} from './pseudonym.ts';
import { readEvent } from './steps/read-event.step.ts';

const acme = CatalogueFileSchema.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/acme.json'), 'utf8')),
);
const keys = createProjectKeys({
  eventIdKey: Buffer.alloc(32, 'a1'),
  epochs: [{ epoch: 1, startsAt: 0, key: Buffer.alloc(32, 'b2') }],
});
const anonymize = createAnonymizer({
  policies: new Map([['acme', compilePolicy(acme)]]),
  keysOf: () => keys,
});
const forgetDrops = { add: () => undefined };
const coordinates = { partition: 0, offset: '0', index: 0 };

function linesOf(value: unknown): readonly string[] {
  const outcome = anonymize({ value, coordinates, drops: forgetDrops });
  return outcome.kind === 'ok' ? [outcome.value.eventLine, ...outcome.value.sampleLines] : [];
}

const EVENT_COLUMNS = [
  'project',
  'dialect',
  'event',
  'event_id',
  'installation',
  'key_epoch',
  'app_version',
  'kubernetes_version',
  'os',
  'arch',
  'provider',
  'occurred_at',
  'client_occurred_at',
  'received_at',
  'expires_at',
  'properties',
  'raw_partition',
  'raw_offset',
  'raw_index',
  'is_ci',
  'is_dev',
  'is_fork',
];
const SAMPLE_COLUMNS = [
  'project',
  'event_id',
  'sample_index',
  'installation',
  'key_epoch',
  'name',
  'labels',
  'value',
  'pushed',
  'occurred_at',
  'received_at',
  'expires_at',
];

const declaredPaths = Object.keys({ ...acme.fields, ...acme.events['used']!.fields });
const declaredKeys = [...new Set(declaredPaths.flatMap((path) => path.split('.')))];

function pathsIn(value: unknown, prefix = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [prefix];
  return Object.entries(value).flatMap(([key, inner]) =>
    pathsIn(inner, prefix === '' ? key : `${prefix}.${key}`),
  );
}

/** Keys that are declared somewhere, dangerous, dotted, or anything. */
const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...declaredKeys) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '__proto__',
      'constructor',
      'toString',
      'machine.os',
      'machine.id',
      '',
    ),
  },
  { weight: 1, arbitrary: fc.string() },
);

/** JSON of any shape whose texts come from `text`; keys as above, made by a parser, so that `__proto__` is a key. */
function jsonOf(text: fc.Arbitrary<string>): fc.Arbitrary<Record<string, unknown>> {
  const { tree } = fc.letrec<{ tree: unknown; fields: [string, unknown][] }>((tie) => ({
    fields: fc.array(fc.tuple(key, tie('tree')), { maxLength: 12 }),
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      text,
      fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null)),
      fc.array(text, { maxLength: 4 }),
      tie('fields').map(toObject),
    ),
  }));
  return fc.array(fc.tuple(key, tree), { maxLength: 20 }).map(toObject);
}

function toObject(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const members = entries.map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  return JSON.parse(`{${members.join(',')}}`) as Record<string, unknown>;
}

const harmless = fc.constantFrom(
  'fast',
  'small',
  'red',
  'linux',
  'install',
  'v1.2.3',
  '--yes',
  '/docs',
  '',
);

/** The kinds of identifier that clients were seen to send. */
const identifier = fc.oneof(
  fc.uuid(),
  fc.uuid().map((uuid) => uuid.toUpperCase()),
  fc.emailAddress(),
  fc.ipV4(),
  fc.ipV6().filter((address) => address.length > 8),
  fc.stringMatching(/^[a-z]{3,10}$/).map((name) => `/home/${name}/api.yaml`),
  fc.stringMatching(/^ghp_[0-9A-Za-z]{8}[0-9][0-9A-Za-z]{27}$/),
  fc.stringMatching(/^[0-9a-f]{63}[0-9]$/),
);

/** Texts that hold the identifier: alone, in the midst of others, as a flag's value, in an address. */
const around = (planted: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    planted,
    `open ${planted} failed`,
    `v1.2.3-${planted}`,
    `--value=${planted}`,
    `https://acme.example/docs?id=${planted}`,
    `https://${planted}/docs`,
    `"${planted}"`,
    `${planted}\n`,
  );

const RECEIVED_AT = Date.parse('2026-11-21T10:00:00Z');
function rawEvent(changes: Partial<RawEvent>): RawEvent {
  return {
    project: 'acme',
    dialect: 'native',
    event: 'used',
    event_id: 'ev',
    installation_id: 'me',
    occurred_at: null,
    received_at: RECEIVED_AT,
    properties: {},
    ...changes,
  };
}

describe('whatever a client sends', () => {
  it('rows hold only declared paths, and no key with a dot', () => {
    fc.assert(
      fc.property(jsonOf(fc.oneof(harmless, fc.string())), (properties) => {
        for (const line of linesOf(rawEvent({ properties }))) {
          const row = JSON.parse(line) as { properties: object };
          for (const path of pathsIn(row.properties).filter((found) => found !== ''))
            expect(declaredPaths).toContain(path);
          expect(Object.keys(row.properties).some((name) => name.includes('.'))).toBe(false);
        }
      }),
    );
  });

  it('lines are NDJSON with exactly the columns of their table', () => {
    const samples = fc.array(
      fc.record({
        name: fc.constantFrom('acme_info', 'acme_nodes', 'acme_secret'),
        labels: fc.dictionary(fc.constantFrom('acme_version', 'uid', 'host'), fc.string()),
        value: fc.double({ noNaN: true }),
      }),
    );
    // JSON has no NaN
    const instants = fc.double({ noNaN: true });
    fc.assert(
      fc.property(jsonOf(fc.string()), samples, instants, (properties, pushed, occurred_at) => {
        const lines = linesOf(rawEvent({ properties, samples: pushed, occurred_at }));
        for (const [i, line] of lines.entries()) {
          expect(line.indexOf('\n')).toBe(line.length - 1);
          expect(line.isWellFormed()).toBe(true);
          const columns = Object.keys(JSON.parse(line) as object);
          expect(columns).toEqual(i === 0 ? EVENT_COLUMNS : SAMPLE_COLUMNS);
        }
      }),
    );
  });
});

describe('an identifier planted in any text', () => {
  const planted = identifier.chain((id) =>
    fc.tuple(fc.constant(id), jsonOf(fc.oneof(harmless, around(id))), around(id)),
  );

  it('is in no row, whether or not the event says that it is one', () => {
    fc.assert(
      fc.property(planted, fc.boolean(), ([id, properties, label], isOwn) => {
        const samples = [
          { name: 'acme_info', labels: { acme_version: label, uid: label, host: label }, value: 1 },
          { name: label, labels: {}, value: 1 },
        ];
        const own = isOwn ? { installation_id: id, event_id: `${id}-1` } : {};
        for (const line of linesOf(rawEvent({ properties, samples, ...own })))
          expect(line).not.toContain(id);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is in no row when it is any text at all that the event names as its own', () => {
    const anyId = fc.string({ minLength: 6, maxLength: 60, unit: 'grapheme' }).filter(isIdentifier);
    const own = anyId.chain((id) =>
      fc.tuple(fc.constant(id), jsonOf(fc.oneof(harmless, around(id)))),
    );
    fc.assert(
      fc.property(own, ([id, properties]) => {
        const [line] = linesOf(rawEvent({ installation_id: id, properties }));
        if (line === undefined) return;
        const row = JSON.parse(line) as { properties: object };
        expect(JSON.stringify(row.properties)).not.toContain(JSON.stringify(id).slice(1, -1));
      }),
      { numRuns: 500 },
    );
  });
});

describe('pseudonyms', () => {
  const text = fc.string({ minLength: 1, maxLength: 100 });
  const keyBytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

  it('are stable, 128 bits long, and differ between identifiers, keys and domains', () => {
    fc.assert(
      fc.property(keyBytes, keyBytes, text, text, (bytes, otherBytes, id, otherId) => {
        const [key1, key2] = [createPseudonymKey(bytes, 1), createPseudonymKey(otherBytes, 2)];
        const pseudonym = pseudonymize(key1, DOMAINS.identifier, id);
        expect(pseudonym).toMatch(/^[0-9a-f]{32}$/);
        expect(pseudonymize(createPseudonymKey(bytes, 9), DOMAINS.identifier, id)).toBe(pseudonym);
        expect(pseudonymize(key1, DOMAINS.eventId, id)).not.toBe(pseudonym);
        expect(eventIdFor(key1, id).replaceAll('-', '')).not.toBe(pseudonym);
        const areKeysEqual = Buffer.compare(bytes, otherBytes) === 0;
        expect(pseudonymize(key2, DOMAINS.identifier, id) === pseudonym).toBe(areKeysEqual);
        expect(pseudonymize(key1, DOMAINS.identifier, otherId) === pseudonym).toBe(id === otherId);
      }),
    );
  });
});

describe('the hand-written check of raw events', () => {
  const almost = fc.record(
    {
      project: fc.oneof(fc.string(), fc.integer()),
      dialect: fc.constantFrom<unknown>('native', 'posthog', 1),
      event: fc.oneof(fc.string(), fc.constant(null)),
      event_id: fc.string(),
      installation_id: fc.string(),
      occurred_at: fc.oneof(fc.integer(), fc.constant(null), fc.string()),
      received_at: fc.oneof(fc.constant(RECEIVED_AT), fc.constant('x')),
      properties: fc.oneof(fc.object(), fc.constant([]), fc.constant(null)),
      samples: fc.oneof(
        fc.constant(undefined),
        fc.array(
          fc.record({
            name: fc.string(),
            labels: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer())),
            value: fc.oneof(fc.integer(), fc.string()),
          }),
        ),
      ),
    },
    { requiredKeys: [] },
  );

  it('judges as RawEventSchema does', () => {
    fc.assert(
      fc.property(fc.oneof(almost, fc.jsonValue()), (value) => {
        const outcome = readEvent({ value, coordinates, drops: forgetDrops });
        expect(outcome.kind === 'ok').toBe(RawEventSchema.safeParse(value).success);
      }),
      { numRuns: 1_000 },
    );
  });
});
