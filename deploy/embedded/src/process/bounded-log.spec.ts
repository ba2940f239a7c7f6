import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BoundedLog } from './bounded-log.ts';

let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-log-'));
  file = join(folder, 'logs', 'kafka.log');
});

afterEach(() => rmSync(folder, { recursive: true }));

it('goes on after what an earlier run has written', () => {
  for (const line of ['one', 'two']) {
    const log = new BoundedLog(file);
    log.append(line);
    log.close();
  }
  expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
});

it('remembers the last twenty lines, until it is told to forget', () => {
  const log = new BoundedLog(file);
  for (let line = 1; line <= 25; line += 1) log.append(`line ${line}`);
  expect(log.lastLines()).toHaveLength(20);
  expect(log.lastLines()[0]).toBe('line 6');
  log.forgetLines();
  expect(log.lastLines()).toEqual([]);
});

it('never holds much more than ten mebibytes on disk', () => {
  const log = new BoundedLog(file);
  const line = 'x'.repeat(99_999);
  for (let written = 0; written < 300; written += 1) log.append(line);
  const bytes = statSync(file).size + statSync(`${file}.1`).size;
  expect(bytes).toBeLessThan(11 * 1_048_576);
  expect(bytes).toBeGreaterThan(5 * 1_048_576);
});

it('is readable by its owner alone', () => {
  new BoundedLog(file).close();
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
