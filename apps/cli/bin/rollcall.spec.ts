import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../../..');
const BIN = join(ROOT, 'apps/cli/bin/rollcall.mjs');

it('prints a line per file and nothing else', async () => {
  const { stdout, stderr } = await run(process.execPath, [BIN, 'catalogue', 'check'], {
    cwd: ROOT,
  });
  expect(stdout.trimEnd().split('\n')).toHaveLength(5);
  expect(stderr).toBe('');
});

it('ends with the exit code of the command', async () => {
  const failure: unknown = await run(process.execPath, [BIN, 'catalogue', 'check', '/dev/null'], {
    cwd: ROOT,
  }).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^CAT_INVALID: /) as string,
  });
});
