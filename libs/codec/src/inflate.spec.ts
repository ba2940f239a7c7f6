import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { expect, test } from 'vitest';
import { gunzipNow, inflate, isEncoding, looksGzipped, type Encoding } from './inflate.ts';

const CAP = 100_000;
const packers: readonly [string, Encoding, (bytes: Buffer) => Buffer][] = [
  ['gzip', 'gzip', gzipSync],
  ['x-gzip', 'x-gzip', gzipSync],
  ['deflate with a zlib header', 'deflate', deflateSync],
  ['deflate without one', 'deflate', deflateRawSync],
  ['brotli', 'br', brotliCompressSync],
  ['zstd', 'zstd', zstdCompressSync],
];

test.each(packers)('gives back what %s packed', async (_, encoding, pack) => {
  const body = Buffer.from('{"event":"install"}');
  expect(await inflate(pack(body), encoding, CAP)).toEqual({ ok: true, value: body });
});

test.each(packers)('stops a bomb of %s at the cap', async (_, encoding, pack) => {
  const bomb = pack(Buffer.alloc(20_000_000));
  expect(await inflate(bomb, encoding, CAP)).toEqual({ ok: false, code: 'GW_BODY_TOO_LARGE' });
});

test.each(packers)('refuses bytes that are not %s', async (_, encoding) => {
  const outcome = await inflate(Buffer.from('{"event":"install"}'), encoding, CAP);
  expect(outcome).toEqual({ ok: false, code: 'GW_BODY_ENCODING' });
});

test('unpacks gzip at once under the same cap', () => {
  const body = Buffer.from('{}');
  expect(gunzipNow(gzipSync(body), CAP)).toEqual({ ok: true, value: body });
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  expect(gunzipNow(bomb, CAP)).toEqual({ ok: false, code: 'GW_BODY_TOO_LARGE' });
  const broken = gzipSync(body).subarray(0, 12);
  expect(gunzipNow(broken, CAP)).toEqual({ ok: false, code: 'GW_BODY_ENCODING' });
});

test('knows gzip by its first bytes', () => {
  expect(looksGzipped(gzipSync(''))).toBe(true);
  expect(looksGzipped(Buffer.from('{}'))).toBe(false);
});

test('takes no inherited name for an encoding', () => {
  expect(isEncoding('constructor')).toBe(false);
});
