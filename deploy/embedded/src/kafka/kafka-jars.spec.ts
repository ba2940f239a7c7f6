import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hasKafkaJars } from './kafka-jars.ts';

const POM = readFileSync(join(import.meta.dirname, '../../kafka/pom.xml'));
const pom = createHash('sha256').update(POM).digest('hex');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-jars-'));
  writeFileSync(join(folder, 'a.jar'), 'abc');
  writeFileSync(join(folder, 'complete.json'), JSON.stringify({ pom, jars: { 'a.jar': 3 } }));
});

afterEach(() => rmSync(folder, { recursive: true }));

it('are there when all of them are, whole', () => {
  expect(hasKafkaJars(folder)).toBe(true);
});

it.each<[string, () => void]>([
  ['one is missing', () => rmSync(join(folder, 'a.jar'))],
  ['one is cut off', () => writeFileSync(join(folder, 'a.jar'), 'ab')],
  ['fetching them was interrupted', () => rmSync(join(folder, 'complete.json'))],
  [
    'they are of another version',
    () =>
      writeFileSync(
        join(folder, 'complete.json'),
        JSON.stringify({ pom: 'x', jars: { 'a.jar': 3 } }),
      ),
  ],
])('are fetched again when %s', (_title, damage) => {
  damage();
  expect(hasKafkaJars(folder)).toBe(false);
});
