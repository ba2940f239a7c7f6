import { appendFile, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRecordingLog, silentLog } from '@rollcall/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DiskSpool } from './disk-spool.ts';
import { frameHeader } from './frame.ts';
import { CLAIM_FILE, ownClaim } from './process-claim.ts';

let dir: string;
const open: DiskSpool[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-spool-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((spool) => spool.close()));
  await rm(dir, { recursive: true, force: true });
});

async function openSpool(maxBytes = 1_000_000, log: typeof silentLog = silentLog) {
  const spool = await DiskSpool.open({ dir, maxBytes, log });
  open.push(spool);
  return spool;
}

const record = (text: string) => ({ lines: Buffer.from(`${text}\n`), eventCount: 1 });

/** Everything that is in a spool, oldest first, taken out. */
async function empty(spool: DiskSpool): Promise<string[]> {
  const texts: string[] = [];
  for (let read = await spool.oldest(); read !== undefined; read = await spool.oldest()) {
    texts.push(...read.records.map(({ lines }) => lines.toString().trim()));
    await spool.remove(read.segment);
  }
  return texts;
}

interface Left {
  readonly name?: string;
  readonly pid?: number;
  readonly place?: string;
}

/** A folder as a gateway leaves it that was killed. */
async function leaveBehind(texts: string[], left: Left = {}): Promise<string> {
  const { name = '00000000000000aa', pid = 4_194_305, place } = left;
  const folder = join(dir, name);
  await mkdir(folder, { recursive: true });
  const own = await ownClaim();
  const claim = { ...own, pid, startedAt: '1', ...(place !== undefined && { place }) };
  await writeFile(join(folder, CLAIM_FILE), JSON.stringify(claim));
  const segment = join(folder, '00000001.segment');
  for (const text of texts) {
    const one = record(text);
    await appendFile(segment, Buffer.concat([frameHeader(one), one.lines]));
  }
  return folder;
}

test('gives back in order what was written, over many segments, and leaves nothing behind', async () => {
  const spool = await openSpool(40_000);
  const texts = Array.from({ length: 200 }, (_, i) => `${i}-${'x'.repeat(100)}`);
  await Promise.all(texts.map((text) => spool.append(record(text))));
  for (const text of ['after', 'that']) await spool.append(record(text));
  expect(await empty(spool)).toEqual([...texts, 'after', 'that']);
  expect(spool.bytes).toBe(0);
  await spool.close();
  expect(await readdir(dir)).toEqual([]);
});

test('takes no more than its limit, and again when there is room', async () => {
  const spool = await openSpool(300);
  await spool.append(record('x'.repeat(200)));
  await expect(spool.append(record('x'.repeat(200)))).rejects.toMatchObject({
    code: 'GW_UNAVAILABLE',
  });
  expect(spool.hasRoom).toBe(false);
  await empty(spool);
  expect(spool.hasRoom).toBe(true);
  await spool.append(record('x'.repeat(200)));
});

test('takes over what a dead instance left, before its own, and cuts the torn tail', async () => {
  const folder = await leaveBehind(['one', 'two']);
  const torn = Buffer.concat([frameHeader(record('three')), Buffer.from('thr')]);
  await appendFile(join(folder, '00000001.segment'), torn);
  const log = createRecordingLog();
  const spool = await openSpool(1_000_000, log);
  await spool.append(record('own'));
  expect(await empty(spool)).toEqual(['one', 'two', 'own']);
  expect(log.lines.map(({ message }) => message).join()).toContain('torn');
});

test('takes over within seconds what an instance leaves that dies while this one runs', async () => {
  const spool = await openSpool();
  await leaveBehind(['left']);
  await vi.waitFor(() => expect(spool.bytes).toBeGreaterThan(0), { timeout: 5_000 });
  expect(await empty(spool)).toEqual(['left']);
});

test('never shares a folder with an instance that lives', async () => {
  const [one, other] = await Promise.all([openSpool(), openSpool()]);
  await Promise.all([one.append(record('one')), other.append(record('other'))]);
  const third = await openSpool();
  expect(await empty(third)).toEqual([]);
  expect(await empty(one)).toEqual(['one']);
  expect(await empty(other)).toEqual(['other']);
});

test('lets one of several take over what is left, whoever is first', async () => {
  for (let i = 0; i < 5; i += 1) await leaveBehind([`left-${i}`], { name: `00000000000000b${i}` });
  const spools = await Promise.all([openSpool(), openSpool(), openSpool()]);
  const found = (await Promise.all(spools.map(empty))).flat();
  expect(found.sort()).toEqual(['left-0', 'left-1', 'left-2', 'left-3', 'left-4']);
});

test('waits for the claim of another machine to run out', async () => {
  const folder = await leaveBehind(['far'], { place: 'elsewhere', pid: process.pid });
  expect(await empty(await openSpool())).toEqual([]);
  const longAgo = new Date(Date.now() - 120_000);
  await utimes(join(folder, CLAIM_FILE), longAgo, longAgo);
  expect(await empty(await openSpool())).toEqual(['far']);
});

test('is taken over again when the one who took it over dies too', async () => {
  await leaveBehind(['own'], { name: '00000000000000aa' });
  const folder = await leaveBehind(['inherited'], { name: '00000000000000aa.1' });
  await rm(join(folder, CLAIM_FILE));
  expect((await empty(await openSpool())).sort()).toEqual(['inherited', 'own']);
});

test('stores nothing where the disk refuses, and says so', async () => {
  const spool = await openSpool();
  const names = await readdir(dir);
  await rm(join(dir, names[0] ?? ''), { recursive: true });
  await expect(spool.append(record('lost'))).rejects.toMatchObject({ code: 'GW_UNAVAILABLE' });
  expect(spool.bytes).toBe(0);
});
