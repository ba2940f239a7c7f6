import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameHeader, readFrames, type SpooledRecord } from './frame.ts';

const record = fc.record({
  lines: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  eventCount: fc.nat(5_000),
});
const records = fc.array(record, { maxLength: 8 });
const written = (all: readonly SpooledRecord[]): Buffer =>
  Buffer.concat(all.flatMap((one) => [frameHeader(one), one.lines]));

test('reads back what was written, in order', () => {
  fc.assert(
    fc.property(records, (all) => {
      expect(readFrames(written(all))).toEqual({ records: all, tornBytes: 0 });
    }),
  );
});

test('cuts a torn tail and keeps every whole record before it, wherever the tear is', () => {
  fc.assert(
    fc.property(records, record, fc.double({ min: 0, max: 1, noNaN: true }), (all, last, share) => {
      const whole = written(all);
      const tail = written([last]);
      const torn = tail.subarray(0, Math.floor(share * (tail.length - 1)));
      expect(readFrames(Buffer.concat([whole, torn]))).toEqual({
        records: all,
        tornBytes: torn.length,
      });
    }),
  );
});

test('reads nothing out of zeros that a file system left behind', () => {
  fc.assert(
    fc.property(records, fc.integer({ min: 1, max: 300 }), (all, zeros) => {
      const read = readFrames(Buffer.concat([written(all), Buffer.alloc(zeros)]));
      expect(read).toEqual({ records: all, tornBytes: zeros });
    }),
  );
});

test('never passes on a record of which one bit has changed', () => {
  fc.assert(
    fc.property(records, record, fc.nat(), (before, changed, seed) => {
      const bytes = written([...before, changed]);
      const start = written(before).length;
      const bit = seed % ((bytes.length - start) * 8);
      const at = start + (bit >> 3);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit & 7)), at);
      expect(readFrames(bytes).records).toEqual(before);
    }),
  );
});

test('never throws, whatever is in the file', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
      expect(readFrames(Buffer.from(bytes)).tornBytes).toBeLessThanOrEqual(bytes.length);
    }),
  );
});
