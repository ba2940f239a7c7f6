import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCliConfig } from './cli.config.ts';
import { reportFailure } from './failure.ts';
import { createProgram } from './program.ts';

const SHIPPED = join(import.meta.dirname, '../../../catalogue');
/** Nothing listens there: port 1 is never given to a program of ours. */
const NOWHERE = '1';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rollcall-cli-'));
});
afterEach(async () => rm(directory, { recursive: true }));

interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

async function run(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const said = { out: '', err: '' };
  const terminal = {
    out: (text: string): void => void (said.out += `${text}\n`),
    err: (text: string): void => void (said.err += `${text}\n`),
  };
  const settings = { CATALOGUE_DIR: SHIPPED, ROLLCALL_DATA_DIR: directory, ...env };
  const program = createProgram({ terminal, config: () => readCliConfig(settings) });
  try {
    await program.parseAsync(args, { from: 'user' });
    return { exitCode: 0, ...said };
  } catch (error) {
    return { exitCode: reportFailure(error, terminal), ...said };
  }
}

describe('rollcall', () => {
  it('shows what there is, and fails for what there is not', async () => {
    expect(await run(['--help'])).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('catalogue') as string,
    });
    const unknown = await run(['frobnicate']);
    expect(unknown.exitCode).toBe(1);
    expect(unknown.err).toContain("unknown command 'frobnicate'");
  });

  it('names every faulty setting at once, and no value', async () => {
    const { exitCode, err } = await run(['doctor'], {
      KAFKA_PORT: 'secret',
      CLICKHOUSE_URL: 'hidden',
    });
    expect(exitCode).toBe(1);
    expect(err).toMatch(
      /^CFG_INVALID: .*KAFKA_PORT: .*; CLICKHOUSE_URL: |^CFG_INVALID: .*CLICKHOUSE_URL: .*; KAFKA_PORT: /,
    );
    expect(err).not.toMatch(/secret|hidden/);
  });
});

describe('rollcall catalogue check', () => {
  it('prints a line per file', async () => {
    const { exitCode, out } = await run(['catalogue', 'check']);
    expect(exitCode).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(5);
    expect(out).toMatch(/^kamaji\.yaml +4 events, 21 fields$/m);
  });

  it('says what is wrong where, with its code, and exits with 1', async () => {
    const text = await readFile(join(SHIPPED, 'kamaji.yaml'), 'utf8');
    await writeFile(
      join(directory, 'kamaji.yaml'),
      text.replace('retention_days: 395', 'retention_days: 0'),
    );
    const { exitCode, err } = await run(['catalogue', 'check', directory]);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^CAT_INVALID: [^]*^kamaji\.yaml:\d+ retention_days: .*^1 finding$/ms);
  });

  it('prints JSON on demand', async () => {
    const { out } = await run(['catalogue', 'check', '--json']);
    expect(JSON.parse(out)).toMatchObject({ findings: [], files: { length: 5 } });
  });
});

describe('rollcall catalogue docs', () => {
  it('prints the page in each form', async () => {
    expect((await run(['catalogue', 'docs', 'kamaji'])).out).toMatch(/^# What Kamaji collects\n/);
    expect((await run(['catalogue', 'docs', 'kamaji', '--format', 'html'])).out).toMatch(
      /^<!doctype html>/,
    );
    expect(
      JSON.parse((await run(['catalogue', 'docs', 'kamaji', '--format', 'json'])).out),
    ).toMatchObject({ project: 'kamaji' });
  });

  it('puts the gateway’s address in when it is told', async () => {
    const { out } = await run(['catalogue', 'docs', 'kamaji', '--origin', 'https://t.example.org']);
    expect(out).toContain('https://t.example.org/p/kamaji/events');
  });

  it('names the projects there are', async () => {
    const { exitCode, err } = await run(['catalogue', 'docs', 'kamayi']);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^GW_PROJECT_UNKNOWN: .*kamaji/);
  });
});

describe('rollcall catalogue diff', () => {
  async function changed(): Promise<string> {
    const file = join(directory, 'before.yaml');
    const text = await readFile(join(SHIPPED, 'kamaji.yaml'), 'utf8');
    await writeFile(file, text.replace('retention_days: 395', 'retention_days: 30'));
    return file;
  }

  it('says that there is no difference', async () => {
    expect((await run(['catalogue', 'diff', SHIPPED, SHIPPED])).out).toBe('No difference.\n');
  });

  it('compares two files, whatever their names', async () => {
    const { exitCode, out } = await run([
      'catalogue',
      'diff',
      await changed(),
      join(SHIPPED, 'kamaji.yaml'),
    ]);
    expect(exitCode).toBe(0);
    expect(out).toBe(
      'widens   kamaji retention_days: days that rows are kept: 30 → 395\n1 widens, 0 narrows, 0 neutral\n',
    );
  });

  it('fails for a widening change when it is asked to, and for no other', async () => {
    const before = await changed();
    const after = join(SHIPPED, 'kamaji.yaml');
    const widening = await run(['catalogue', 'diff', '--fail-on-widening', before, after]);
    expect(widening).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/^CAT_WIDENED: /) as string,
    });
    expect((await run(['catalogue', 'diff', '--fail-on-widening', after, before])).exitCode).toBe(
      0,
    );
  });

  it('prints JSON on demand', async () => {
    const { out } = await run([
      'catalogue',
      'diff',
      '--json',
      await changed(),
      join(SHIPPED, 'kamaji.yaml'),
    ]);
    expect(JSON.parse(out)).toMatchObject([{ kind: 'widens', path: 'retention_days' }]);
  });
});

describe('rollcall keys', () => {
  it('makes a keyring for every project that only its owner can read, and prints no key', async () => {
    const { exitCode, out } = await run(['keys', 'init']);
    expect(exitCode).toBe(0);
    for (const name of ['cozystack', 'glasskube', 'kamaji', 'kusk', 'sveltos'])
      expect(out).toContain(`project ${name}: epoch 1`);
    const file = join(directory, 'keyring.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    for (const [key = ''] of (await readFile(file, 'utf8')).matchAll(/[\w+/=-]{40,}/g))
      expect(out).not.toContain(key);
  });

  it('begins a new epoch, and destroys one only when told twice', async () => {
    await run(['keys', 'init', '--project', 'kamaji']);
    expect(
      (await run(['keys', 'rotate', '--project', 'kamaji', '--starts-in', '0'])).out,
    ).toContain('epoch 2');
    const destroy = ['keys', 'destroy', '--project', 'kamaji', '--epoch', '1'];
    expect(await run(destroy)).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('--yes') as string,
    });
    expect(await run([...destroy, '--yes'])).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('epoch 1') as string,
    });
  });

  it('passes on what the keys’ own program refuses', async () => {
    const { exitCode, err } = await run(['keys', 'rotate', '--project', 'No Such']);
    expect(exitCode).not.toBe(0);
    expect(err).toContain('--project');
  });
});

describe('rollcall doctor', () => {
  const nowhere = {
    KAFKA_PORT: NOWHERE,
    CLICKHOUSE_HTTP_PORT: NOWHERE,
    GATEWAY_PORT: NOWHERE,
    ANONYMIZER_PORT: NOWHERE,
    SINK_PORT: NOWHERE,
  };

  it('says what is missing and what to do, when nothing runs', async () => {
    const { exitCode, out } = await run(['doctor'], nowhere);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^ok +catalogue +5 projects/m);
    expect(out).toMatch(/^FAILED +keyring +AN_KEYRING_MISSING: .*\n +→ Run rollcall keys init/m);
    expect(out).toMatch(
      /^FAILED +kafka +KFK_UNAVAILABLE: .*\n +→ Run npm start, or set KAFKA_BROKERS/m,
    );
    expect(out).toMatch(
      /^FAILED +clickhouse +CH_UNAVAILABLE: .*\n +→ Run npm start, or set CLICKHOUSE_URL/m,
    );
    for (const name of ['gateway', 'anonymizer', 'sink'])
      expect(out).toMatch(new RegExp(`^FAILED +${name} +no answer`, 'm'));
  });
});
