import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Receipts, readReceiptKey } from './receipts.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-receipts-'));
const file = join(folder, 'key');
beforeAll(() => writeFileSync(file, 'k'.repeat(32)));
afterAll(() => rmSync(folder, { recursive: true }));

describe('receipts', () => {
  it('are known to every gateway with the same key, also after a restart', () => {
    const receipt = new Receipts(readReceiptKey(file)).give('kusk');
    const another = new Receipts(readReceiptKey(file));
    expect(another.wasGiven('kusk', receipt)).toBe(true);
    expect(another.wasGiven('kamaji', receipt)).toBe(false);
  });

  it('of another key, or of none, are not', () => {
    const receipt = new Receipts(readReceiptKey(undefined)).give('kusk');
    expect(new Receipts(readReceiptKey(file)).wasGiven('kusk', receipt)).toBe(false);
    expect(new Receipts(readReceiptKey(undefined)).wasGiven('kusk', receipt)).toBe(false);
  });

  it('are all different', () => {
    const receipts = new Receipts(readReceiptKey(file));
    const given = Array.from({ length: 100 }, () => receipts.give('kusk'));
    expect(new Set(given).size).toBe(100);
    expect(given.every((receipt) => Receipts.isReceipt(receipt))).toBe(true);
  });
});

describe('the key of receipts', () => {
  it.each([
    ['is too short', () => writeFileSync(join(folder, 'other'), 'short')],
    ['is not there', () => rmSync(join(folder, 'other'))],
  ])('is refused when it %s', (_, prepare) => {
    prepare();
    expect(() => readReceiptKey(join(folder, 'other'))).toThrow('GATEWAY_RECEIPT_KEY_FILE');
  });
});
