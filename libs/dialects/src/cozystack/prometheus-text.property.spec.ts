import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSample } from './prometheus-text.ts';

const metricName = fc.stringMatching(/^[A-Za-z_:][A-Za-z0-9_:]{0,20}$/);
const labelName = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/);
const labelValue = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\r'));

function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

test('reads back what a correct client wrote', () => {
  const labels = fc.uniqueArray(fc.tuple(labelName, labelValue), { selector: ([name]) => name });
  const value = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(metricName, labels, value, (name, pairs, number) => {
      const text = pairs.map(([label, labelText]) => `${label}="${escape(labelText)}"`).join(',');
      expect(readSample(`${name}{${text}} ${number}`)).toEqual({
        name,
        labels: Object.fromEntries(pairs),
        value: Number(String(number)),
      });
    }),
  );
});

test('never throws and never gives a number that is not finite', () => {
  const nasty = fc.string({
    unit: fc.constantFrom('a', '{', '}', '"', '\\', '=', ',', ' ', '1', 'e', '9', 'n'),
  });
  fc.assert(
    fc.property(nasty, (line) => {
      const sample = readSample(line);
      if (sample !== undefined && 'value' in sample)
        expect(Number.isFinite(sample.value)).toBe(true);
    }),
  );
});
