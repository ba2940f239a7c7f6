import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RollcallError } from '@rollcall/contracts-transport';
import { checkCatalogue, loadCatalogue, loadCatalogueFile } from './load-catalogue.ts';

const SHIPPED = join(import.meta.dirname, '../../../catalogue');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'catalogue-'));
});
afterEach(async () => rm(directory, { recursive: true }));

/** Writes a shipped file after replacing one piece of its text. */
async function write(name: string, from: string | RegExp = '', to = '', as = name): Promise<void> {
  const text = await readFile(join(SHIPPED, name), 'utf8');
  expect(typeof from === 'string' ? text.includes(from) : from.test(text)).toBe(true);
  await writeFile(join(directory, as), text.replace(from, to));
}

async function problemsOf(from: string | RegExp, to: string): Promise<string[]> {
  await write('kamaji.yaml', from, to);
  return (await checkCatalogue(directory)).findings.map(
    ({ path, problem }) => `${path}: ${problem}`,
  );
}

describe('loadCatalogue', () => {
  it('reads every file of the shipped catalogue without a finding', async () => {
    const { projects, findings } = await checkCatalogue(SHIPPED);
    expect(findings).toEqual([]);
    expect(projects.map(({ project }) => project)).toEqual([
      'cozystack',
      'glasskube',
      'kamaji',
      'kusk',
      'sveltos',
    ]);
  });

  it('finds a project by its host, with a port, in upper case and with a last dot', async () => {
    const catalogue = await loadCatalogue(SHIPPED);
    const hosts = ['telemetry.clastix.io', 'TELEMETRY.clastix.io:443', 'telemetry.clastix.io.'];
    expect(hosts.map((host) => catalogue.byHost(host)?.project)).toEqual(Array(3).fill('kamaji'));
    expect(catalogue.byHost('clastix.io')).toBeUndefined();
    expect(catalogue.byHost('constructor')).toBeUndefined();
  });

  it('finds a project by a key of its file and by one that the deployment adds', async () => {
    const added = 'a'.repeat(64);
    const catalogue = await loadCatalogue(SHIPPED, { extraKeys: { glasskube: [added] } });
    const ofThePage = '23d84fc6c3e96827425f55dab1f547a8830812140e3fdaad6a8da3f08cd2b24e';
    expect(catalogue.byKeyHash(added)?.project).toBe('glasskube');
    expect(catalogue.byKeyHash(ofThePage)?.project).toBe('kusk');
    expect(catalogue.byKeyHash('b'.repeat(64))).toBeUndefined();
    expect(catalogue.projects.get('glasskube')?.write_keys).toEqual([added]);
  });

  it('refuses a key that two projects are given', async () => {
    const key = 'a'.repeat(64);
    const load = loadCatalogue(SHIPPED, { extraKeys: { glasskube: [key], kusk: [key] } });
    await expect(load).rejects.toThrow(/the same write key/);
    await expect(load).rejects.not.toThrow(key);
  });

  it('ignores keys of a project that has no file', async () => {
    const catalogue = await loadCatalogue(SHIPPED, { extraKeys: { other: ['a'.repeat(64)] } });
    expect(catalogue.byKeyHash('a'.repeat(64))).toBeUndefined();
  });

  it('reports the faults of all files in one error, each with file, line, path and advice', async () => {
    await write('kamaji.yaml', 'retention_days: 395', 'retention_days: long');
    await write('sveltos.yaml', 'dialects: [sveltos, native]', 'dialects: [svelte]\nextra: 1');
    const error: unknown = await loadCatalogue(directory).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(RollcallError);
    expect(error).toMatchObject({ code: 'CAT_INVALID' });
    const lines = String(error).split('\n');
    expect(lines[1]).toMatch(/^kamaji\.yaml:\d+ retention_days: it must be a number, not text\. /);
    expect(lines[2]).toMatch(
      /^sveltos\.yaml:\d+ dialects\.0: it is not one of the known values\. Write one of native, /,
    );
    expect(lines[3]).toMatch(/^sveltos\.yaml:\d+ extra: this key has no meaning here\. /);
    expect(lines).toHaveLength(4);
  });

  it('names the line of the key that is wrong', async () => {
    await write('kamaji.yaml', 'treatment: keep', 'treatment: leave');
    const text = await readFile(join(directory, 'kamaji.yaml'), 'utf8');
    const line =
      text.split('\n').findIndex((candidate) => candidate.includes('treatment: leave')) + 1;
    const [finding] = (await checkCatalogue(directory)).findings;
    expect(finding).toMatchObject({
      file: 'kamaji.yaml',
      line,
      path: 'fields.kamaji_version.treatment',
    });
    expect(finding?.advice).toContain('pseudonymize');
  });

  it('says a fault that an anchor carries to many places once', async () => {
    await write('kamaji.yaml', 'range: [0, 100000]', 'range: [0]');
    expect((await checkCatalogue(directory)).findings).toHaveLength(1);
  });

  it('says that a directory is empty or cannot be read', async () => {
    await expect(loadCatalogue(directory)).rejects.toThrow('there is no .yaml file');
    await expect(loadCatalogue(join(directory, 'none'))).rejects.toThrow('cannot be read');
  });

  it('skips the hidden names of a mounted ConfigMap', async () => {
    await copyFile(join(SHIPPED, 'kamaji.yaml'), join(directory, 'kamaji.yaml'));
    await mkdir(join(directory, '..data.yaml'));
    expect((await loadCatalogue(directory)).projects.size).toBe(1);
  });

  it('reads one file by itself', async () => {
    expect((await loadCatalogueFile(join(SHIPPED, 'kusk.yaml'))).project).toBe('kusk');
    await expect(loadCatalogueFile(join(directory, 'none.yaml'))).rejects.toThrow('cannot be read');
  });
});

describe('rules of a file', () => {
  it.each([
    [
      'a key that stands twice',
      'retention_days: 395',
      'retention_days: 395\nretention_days: 1',
      'Map keys must be unique',
    ],
    [
      'a truth value where a word is wanted',
      'write_keys: public',
      'write_keys: true',
      'neither "public" nor a list',
    ],
    ['a missing part', 'retention_days: 395', '', 'retention_days: it is missing'],
    [
      'a name that is not the file’s',
      'project: kamaji',
      'project: kamayi',
      'not named after the project',
    ],
    ['a pattern without a name', 'pattern: version', 'pattern: number', 'no pattern has this name'],
    ['a pattern that does not compile', 'pattern: version', 'pattern: /(/', 'does not compile'],
    ['text without a bound', /\n +enum: \[unknown\]\n +pattern: version/, '', 'needs a bound'],
    ['a number without a range', 'range: [0, 100000]', '', 'a number that is kept needs a range'],
    [
      'a range that ends before it begins',
      'range: [0, 100000]',
      'range: [9, 0]',
      'ends before it begins',
    ],
    [
      'an enumeration of numbers',
      'range: [0, 100000]',
      'range: [0, 9]\n        enum: [a]',
      'enum means nothing for integer',
    ],
    [
      'a treatment of the wrong type',
      'type: boolean',
      'type: number',
      'a number that is kept needs a range',
    ],
    [
      'an object that is kept',
      'type: boolean',
      'type: object',
      'an object cannot be kept as a whole',
    ],
    [
      'a value that stands twice',
      'enum: [dev, unknown, latest]',
      'enum: [dev, dev]',
      '"dev" stands twice',
    ],
    [
      'two fields for one column',
      '    column: kubernetes_version',
      '    column: app_version',
      'two fields of the event go to the column app_version',
    ],
    [
      'a filter of no field',
      'field: kamaji_version',
      'field: version',
      'no field "version" is declared',
    ],
    [
      'a filter that matches nothing',
      '      pattern: /.*\\+.*/\n',
      '',
      'the filter matches nothing',
    ],
    [
      'a field below a declared one',
      'datastores.etcd.count:',
      'tenant_control_plane.running.now:',
      'a field above this one',
    ],
    [
      'a name that reaches a prototype',
      'datastores.etcd.count:',
      '__proto__.count:',
      'a part that no field can have',
    ],
    [
      'a homepage that runs a script',
      'https://kamaji.clastix.io/',
      'javascript:alert(1)',
      'homepage: ',
    ],
    [
      'metrics without the event of a push',
      'events:',
      'metrics:\n  up: {purpose: p, value: {type: integer, treatment: keep, range: [0, 1], purpose: p}}\nevents:',
      'no event "metrics"',
    ],
    [
      'a host that stands twice',
      'hosts: [telemetry.clastix.io]',
      'hosts: [a.example, a.example]',
      '"a.example" stands twice',
    ],
    [
      'an event that is Rollcall’s own',
      'events:',
      'events:\n  $opt_out: {purpose: p}',
      'is Rollcall’s own',
    ],
    [
      'a list for a column',
      'events:',
      'events:\n  e: {purpose: p, fields: {l: {type: "string[]", treatment: keep, enum: [a], column: os, purpose: p}}}',
      'a list does not fit a column',
    ],
    [
      'a field that is dropped and declared',
      'events:',
      'dropped: {status: why}\nevents:',
      'said to be dropped and is declared',
    ],
  ])('refuse %s', async (_what, from, to, problem) => {
    const problems = await problemsOf(from, to);
    expect(problems.join('\n')).toContain(problem);
  });

  it('refuse edges that do not ascend', async () => {
    await write('cozystack.yaml', /edges:\s+\[/, 'edges: [5, 5, ');
    await write('kamaji.yaml');
    const { findings } = await checkCatalogue(directory);
    expect(findings.map(({ problem }) => problem)).toEqual(['the edges do not ascend']);
  });
});

describe('rules between files', () => {
  it('refuse a host, a key and a name that two files share', async () => {
    await write('kusk.yaml');
    await write('kusk.yaml', '', '', 'other.yaml');
    const { findings } = await checkCatalogue(directory);
    const problems = findings
      .filter(({ file }) => file === 'other.yaml')
      .map(({ problem }) => problem);
    expect(problems).toEqual([
      'the file is not named after the project "kusk"',
      'the name "kusk" is in kusk.yaml too',
      'a write key is in kusk.yaml too',
    ]);
  });

  it('refuse a host that another project has', async () => {
    await write('kamaji.yaml');
    await write('sveltos.yaml', 'telemetry.projectsveltos.io', 'telemetry.clastix.io');
    const { findings } = await checkCatalogue(directory);
    expect(findings.map(({ path, problem }) => `${path}: ${problem}`)).toEqual([
      'hosts: the host telemetry.clastix.io is in sveltos.yaml too',
      'hosts: the host telemetry.clastix.io is in kamaji.yaml too',
    ]);
  });
});
