import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { choosePlace, Launched, leftOver, type Place } from './launched.ts';
import { pidOf } from '../stack/pid-of.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-start-'));
const started: Launched[] = [];
let place: Place;

function launch(changes: Place = {}): Launched {
  const launched = new Launched({ ...place, ...changes });
  started.push(launched);
  return launched;
}

async function launchReady(): Promise<Launched> {
  const launched = launch();
  await launched.says('\nRollcall is ready\n');
  return launched;
}

const credentials = (): string => readFileSync(join(dataDir, 'credentials.json'), 'utf8');

/** Waits for the answer, and longer than a gateway waits for Kafka before it spools. */
async function postEvent(): Promise<number> {
  const url = `http://127.0.0.1:${place['GATEWAY_PORT']}/p/kamaji/events`;
  const body = '{"event":"stats","installation_id":"start-spec"}';
  const answer = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(10_000) });
  await answer.arrayBuffer();
  return answer.status;
}

beforeAll(async () => {
  place = await choosePlace(dataDir);
});

afterAll(async () => {
  for (const launched of started) launched.signal('SIGTERM');
  await Promise.all(started.map((launched) => launched.exit()));
  rmSync(dataDir, { recursive: true, force: true });
});

describe('npm start', () => {
  it('becomes ready, is alone in its directory, mends what crashes, takes events while Kafka is away, and stops without a trace', async () => {
    const first = await launchReady();
    expect(first.output).toContain('curl');
    expect(first.output).not.toContain(
      (JSON.parse(credentials()) as { gateway: { admin_token: string } }).gateway.admin_token,
    );

    const second = launch();
    expect(await second.exit()).toBe(1);
    expect(second.output).toMatch(/Another Rollcall \(process \d+\) uses .*ROLLCALL_DATA_DIR/);

    process.kill(pidOf(first.pids(), 'sink'), 'SIGKILL');
    await first.says('The sink ended by itself (signal SIGKILL). It said last:');
    await first.says('The sink is ready again');

    process.kill(pidOf(first.pids(), 'kafka'), 'SIGKILL');
    expect(await postEvent()).toBe(200);
    await first.says('Kafka is ready again');

    const pids = first.pids();
    // a terminal sends Ctrl-C to everyone at once, and npm and the bootstrap pass theirs on
    first.signal('SIGINT');
    await sleep(50);
    first.signal('SIGINT');
    expect(await first.exit()).toBe(0);
    expect(await leftOver(place, pids)).toEqual([]);
  });

  it('leaves nothing behind when it is killed by force, and starts again with all it had', async () => {
    const before = credentials();
    const killed = await launchReady();
    const pids = killed.pids();
    process.kill(pidOf(pids, 'launcher'), 'SIGKILL');
    expect(await killed.exit()).toBe(137);
    expect(await leftOver(place, pids)).toEqual([]);

    const next = await launchReady();
    expect(credentials()).toBe(before);
    next.signal('SIGTERM');
    expect(await next.exit()).toBe(0);
  });

  it('ends with the bootstrap, when that is killed by force', async () => {
    const orphaned = await launchReady();
    const pids = orphaned.pids();
    orphaned.signal('SIGKILL');
    expect(await leftOver(place, pids)).toEqual([]);
  });

  it('stops when it is told so in the middle of its start', async () => {
    const early = launch();
    await early.says('ClickHouse on');
    early.signal('SIGTERM');
    expect(await early.exit()).toBe(0);
    expect(await leftOver(place, {})).toEqual([]);
  });

  it('says all that is wrong at once, before it starts anything', async () => {
    const faulty = launch({ SINK_PORT: place['GATEWAY_PORT'] ?? '', JAVA_HOME: '/no/such/java' });
    expect(await faulty.exit()).toBe(1);
    expect(faulty.output).toContain('Java is missing.');
    expect(faulty.output).toMatch(/Port \d+ is meant for both .*Change SINK_PORT/);
  });

  it('names a setting that cannot be used', async () => {
    const faulty = launch({ GATEWAY_PORT: 'eighty' });
    expect(await faulty.exit()).toBe(1);
    expect(faulty.output).toContain('GATEWAY_PORT');
    expect(faulty.output).not.toContain('    at ');
  });
});
