import { expect, test } from 'vitest';
import { decompressLz64 } from './lz64.ts';

/** Made by `compressToBase64` of lz-string 1.5.0. */
const VECTORS: readonly [string, string][] = [
  ['{"event":"install"}', 'N4IgpgbmB2AuIC4QEtoGdYEMA22QF8g='],
  ['', 'Q==='],
  ['a', 'IZA='],
  ['a'.repeat(40), 'IY18ZVkA'],
  [
    '{"event":"$pageview","properties":{"token":"phc_x","distinct_id":"é😀漢字"}}',
    'N4IgpgbmB2AuIC4QBIAOBDA5pAlmA7iADQioBOA9qmGbHgM6KiwUDWMipAFgMYD6AD2IgAJjnp1oPWHxwjOAS8C8G4AA9wET2gdW0QAX21A=',
  ],
];

test.each(VECTORS)('reads %j as lz-string packed it', (text, packed) => {
  expect(decompressLz64(packed, 1_000)).toEqual({ ok: true, value: text });
});

test('stops where the text grows over the cap', () => {
  expect(decompressLz64('IY18ZVkA', 40)).toEqual({ ok: true, value: 'a'.repeat(40) });
  expect(decompressLz64('IY18ZVkA', 39)).toEqual({ ok: false, code: 'GW_BODY_TOO_LARGE' });
});

test.each(['', 'N4Igpgbm', 'not base64', '====', 'N4IgpgbmB2AuIC4QEtoGdYEMA22', '////////'])(
  'refuses %j',
  (packed) => {
    expect(decompressLz64(packed, 1_000)).toEqual({ ok: false, code: 'GW_BODY_ENCODING' });
  },
);
