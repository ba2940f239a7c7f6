import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createProjectKeys, keyAt } from './project-keys.ts';
import {
  DOMAINS,
  createPseudonymKey,
  eventIdFor,
  isIdentifier,
  pseudonymize,
} from './pseudonym.ts';

const bytes = Uint8Array.from({ length: 32 }, (_, i) => i);
const key = createPseudonymKey(bytes, 1);
const otherKey = createPseudonymKey(bytes.toReversed(), 2);
const UUID = '56279633-3131-436b-b8f2-9008a49a2f12';

describe('pseudonymize', () => {
  it('is HMAC-SHA-256 over domain, NUL and identifier, cut to 128 bits', () => {
    // printf 'identifier\0<UUID>' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f
    expect(pseudonymize(key, DOMAINS.identifier, UUID)).toBe('227b0c9427fd37afa91dac728ad69dc4');
  });

  it('differs between keys and between domains', () => {
    const results = [
      pseudonymize(key, DOMAINS.identifier, UUID),
      pseudonymize(otherKey, DOMAINS.identifier, UUID),
      pseudonymize(key, DOMAINS.eventId, UUID),
    ];
    expect(new Set(results).size).toBe(3);
  });

  it('hashes what looks hashed already', () => {
    const hex64 = 'a'.repeat(64);
    const once = pseudonymize(key, DOMAINS.identifier, hex64);
    expect(once).not.toBe(hex64.slice(0, 32));
    expect(pseudonymize(key, DOMAINS.identifier, once)).not.toBe(once);
  });
});

describe('createPseudonymKey', () => {
  it('refuses keys of another length', () => {
    expect(() => createPseudonymKey(bytes.subarray(1), 1)).toThrow(RangeError);
  });

  it('is printed without its bytes', () => {
    const text = JSON.stringify(key) + inspect(key, { depth: 9, showHidden: true });
    expect(text).not.toContain(Buffer.from(bytes).toString('base64'));
    expect(text).not.toContain('1,2,3');
  });
});

describe('eventIdFor', () => {
  it('gives a UUID of version 8 and the RFC variant', () => {
    for (const id of ['a', UUID, 'é'.repeat(100)])
      expect(eventIdFor(key, id)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
  });

  it('is equal for a retry and different for another id', () => {
    expect(eventIdFor(key, UUID)).toBe(eventIdFor(key, UUID));
    expect(eventIdFor(key, UUID)).not.toBe(eventIdFor(key, UUID.toUpperCase()));
  });
});

describe('isIdentifier', () => {
  it.each([
    ['one character', 'a', true],
    ['512 bytes', 'a'.repeat(512), true],
    ['512 bytes in fewer characters', 'é'.repeat(256), true],
    ['513 bytes', 'a'.repeat(513), false],
    ['513 bytes in fewer characters', `${'é'.repeat(256)}a`, false],
    ['nothing', '', false],
    ['half a character', 'a\ud800', false],
  ])('judges %s', (_name, text, expected) => {
    expect(isIdentifier(text)).toBe(expected);
  });
});

describe('keyAt', () => {
  const keys = createProjectKeys({
    eventIdKey: bytes,
    epochs: [
      { epoch: 3, startsAt: 300, key: bytes },
      { epoch: 2, startsAt: 200, key: bytes },
    ],
  });

  it.each([
    [199, 2],
    [200, 2],
    [299, 2],
    [300, 3],
    [9_999, 3],
  ])('at %d uses epoch %d', (receivedAt, epoch) => {
    expect(keyAt(keys, receivedAt).epoch).toBe(epoch);
  });

  it('needs an epoch', () => {
    expect(() => createProjectKeys({ eventIdKey: bytes, epochs: [] })).toThrow(RangeError);
  });
});
