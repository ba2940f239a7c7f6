import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCliConfig, type CliConfig } from '../cli.config.ts';
import { lookAtCredentials, lookAtKeyring, lookAtWriteKeys } from './file-checks.ts';

const SHIPPED = join(import.meta.dirname, '../../../../catalogue');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rollcall-files-'));
});
afterEach(async () => rm(directory, { recursive: true }));

function config(env: Record<string, string> = {}): CliConfig {
  return readCliConfig({ CATALOGUE_DIR: SHIPPED, ROLLCALL_DATA_DIR: directory, ...env });
}

async function write(name: string, text: string, mode = 0o600): Promise<string> {
  const file = join(directory, name);
  await writeFile(file, text);
  await chmod(file, mode);
  return file;
}

it.each([
  [0o600, 'false', 'ok'],
  [0o400, 'false', 'ok'],
  [0o640, 'false', 'failed'],
  [0o604, 'false', 'failed'],
  [0o440, 'true', 'ok'],
  [0o444, 'true', 'failed'],
  [0o460, 'true', 'failed'],
])(
  'a keyring of mode %o, with group reading allowed: %s, is %s',
  async (mode, isAllowed, status) => {
    await write('keyring.json', '{}', mode);
    const result = await lookAtKeyring(config({ ROLLCALL_KEYRING_ALLOW_GROUP_READ: isAllowed }));
    expect(result.status).toBe(status);
  },
);

it('credentials that others can read are a fault, and none are none', async () => {
  expect((await lookAtCredentials(config())).status).toBe('ok');
  await write('credentials.json', '{}', 0o644);
  expect(await lookAtCredentials(config())).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('0644') as string,
  });
});

it('a project that needs a key and has none is a warning', async () => {
  expect(await lookAtWriteKeys(config())).toMatchObject({
    status: 'warning',
    detail: 'no key for glasskube',
  });
  const file = await write('keys.json', JSON.stringify({ glasskube: ['a'.repeat(64)] }));
  expect((await lookAtWriteKeys(config({ ROLLCALL_WRITE_KEYS_FILE: file }))).status).toBe('ok');
});

it('keys for a project without a file are a warning, since the name may be wrong', async () => {
  const file = await write('keys.json', JSON.stringify({ glaskube: ['a'.repeat(64)] }));
  const result = await lookAtWriteKeys(config({ ROLLCALL_WRITE_KEYS_FILE: file }));
  expect(result).toMatchObject({
    status: 'warning',
    detail: expect.stringContaining('glaskube') as string,
  });
});

it.each(['{', '[]', '{"kusk": ["clear text key"]}'])(
  'a file of keys that holds %s is a fault, and nothing of it is shown',
  async (text) => {
    const file = await write('keys.json', text);
    const result = await lookAtWriteKeys(config({ ROLLCALL_WRITE_KEYS_FILE: file }));
    expect(result).toMatchObject({
      status: 'failed',
      detail: expect.stringMatching(/^CFG_INVALID: /) as string,
    });
    expect(result.detail).not.toContain('clear text key');
  },
);
