import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ensureCredentials } from './credentials.ts';

let folder = '';
let file = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-credentials-'));
  file = join(folder, 'data', 'credentials.json');
});

afterEach(() => rmSync(folder, { recursive: true }));

it('are made once, for the owner alone, all different', () => {
  const made = ensureCredentials(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'data'))).toEqual(['credentials.json']);
  const secrets = [
    made.clickhouse.admin.password,
    made.clickhouse.sink.password,
    made.clickhouse.analyst.password,
    made.clickhouse.eraser.password,
    made.clickhouse.receipts.password,
    made.gateway.admin_token,
    made.projects.kusk.write_key,
    made.projects.glasskube.api_key,
  ];
  expect(new Set(secrets).size).toBe(8);
  expect(Math.min(...secrets.map((secret) => secret.length))).toBe(32);
});

it('stay what they are', () => {
  const made = ensureCredentials(file);
  chmodSync(file, 0o400);
  expect(ensureCredentials(file)).toEqual(made);
});

it('of an older version keep what is there and get what is new', () => {
  ensureCredentials(file);
  const old = { clickhouse: { analyst: { user: 'analyst', password: 'as it was' } } };
  writeFileSync(file, JSON.stringify(old));
  const filled = ensureCredentials(file);
  expect(filled.clickhouse.analyst.password).toBe('as it was');
  expect(filled.clickhouse.sink.password).toHaveLength(32);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(filled);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('that cannot be read are not replaced', () => {
  ensureCredentials(file);
  writeFileSync(file, 'not JSON');
  expect(() => ensureCredentials(file)).toThrow();
  expect(readFileSync(file, 'utf8')).toBe('not JSON');
});
