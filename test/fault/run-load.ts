import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Seeded } from './seeded.ts';

/** What a run was told about its events. */
export interface LoadTally {
  /** Ids on the wire that were answered 200 and not refused, by project. */
  readonly acknowledged: ReadonlyMap<string, ReadonlySet<string>>;
  /** Ids that were sent more than once: two rows of them before merges are the client's doing. */
  readonly repeated: ReadonlySet<string>;
  /** Bad events that were answered with a code, by code. */
  readonly rejected: ReadonlyMap<string, number>;
  /** Events that were refused though good, or kept though bad. */
  readonly misjudged: number;
  /** How many requests were answered with each status; 0 stands for no answer. */
  readonly statuses: ReadonlyMap<number, number>;
}

export interface LoadOptions {
  /** Gateways that take requests at this moment. */
  readonly gateways: () => readonly string[];
  readonly kuskKey: string;
  readonly random: Seeded;
  readonly eventsPerSecond: number;
}

interface Batch {
  readonly project: string;
  readonly path: string;
  readonly body: string;
  readonly ids: readonly string[];
  /** Places of bad events. */
  readonly bad: ReadonlySet<number>;
}

interface Refusal {
  readonly index: number;
  readonly code: string;
}

const MAX_UNDER_WAY = 48;
const ANSWER_LIMIT_MS = 10_000;
const RETRY_MS = 500;
const MAX_ATTEMPTS = 60;
const BAD_SHARE = 0.01;
const AGAIN_SHARE = 0.03;

/** Marks what must never be stored in clear. */
export const LEAK = 'leak-';

function nativeEvent(id: string, isBad: boolean): object {
  const marker = `${LEAK}${randomUUID()}`;
  return {
    event: isBad ? 'nobody-declared-this' : 'stats',
    event_id: id,
    installation_id: marker,
    properties: {
      kamaji_version: 'v1.0.0',
      kubernetes_version: 'v1.33.1',
      tenant_control_plane: { running: 7, upgrading: 0, not_ready: 0, sleeping: 2 },
      cluster_owner: marker,
    },
  };
}

function segmentEvent(id: string): object {
  const marker = `${LEAK}${randomUUID()}`;
  return {
    type: 'track',
    event: 'kusk',
    messageId: id,
    userId: marker,
    properties: { message: 'reconciling API', version: 'v1.5.2', owner: marker },
  };
}

/** Sends batches and single events at a steady rate, retries what was not acknowledged, and now and then what was. */
export class RunLoad {
  readonly #options: LoadOptions;
  readonly #acknowledged = new Map<string, Set<string>>([
    ['kamaji', new Set()],
    ['kusk', new Set()],
  ]);
  readonly #repeated = new Set<string>();
  readonly #rejected = new Map<string, number>();
  readonly #statuses = new Map<number, number>();
  readonly #underWay = new Set<Promise<void>>();
  #misjudged = 0;
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  get acknowledgedCount(): number {
    return [...this.#acknowledged.values()].reduce((sum, ids) => sum + ids.size, 0);
  }

  get tally(): LoadTally {
    return {
      acknowledged: this.#acknowledged,
      repeated: this.#repeated,
      rejected: this.#rejected,
      misjudged: this.#misjudged,
      statuses: this.#statuses,
    };
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Stops sending anything new and retrying, and waits for the answers that are due. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    await Promise.all(this.#underWay);
  }

  async #run(): Promise<void> {
    const { random, eventsPerSecond } = this.#options;
    let sent = 0;
    let last = performance.now();
    while (!this.#isStopped) {
      const now = performance.now();
      // what could not be sent in time is not made up for
      const due = Math.min(500, ((now - last) / 1_000) * eventsPerSecond);
      last = now;
      sent -= due;
      while (sent < 0 && this.#underWay.size < MAX_UNDER_WAY) {
        const size = random.next() < 0.15 ? 1 : random.between(50, 100);
        sent += size;
        const work = this.#deliver(this.#batch(size)).finally(() => this.#underWay.delete(work));
        this.#underWay.add(work);
      }
      sent = Math.max(sent, -500);
      await sleep(20);
    }
  }

  #batch(size: number): Batch {
    const { random } = this.#options;
    const ids = Array.from({ length: size }, () => randomUUID());
    if (random.next() < 0.25) {
      const body = JSON.stringify({ batch: ids.map(segmentEvent) });
      return { project: 'kusk', path: '/v1/batch', body, ids, bad: new Set() };
    }
    const bad = new Set([...ids.keys()].filter(() => size > 1 && random.next() < BAD_SHARE));
    const events = ids.map((id, index) => nativeEvent(id, bad.has(index)));
    const isNdjson = size > 1 && random.next() < 0.5;
    const body = isNdjson
      ? events.map((event) => JSON.stringify(event)).join('\n')
      : JSON.stringify(size === 1 ? events[0] : events);
    return { project: 'kamaji', path: '/p/kamaji/events', body, ids, bad };
  }

  async #deliver(batch: Batch): Promise<void> {
    const { random } = this.#options;
    const isSentAgain = random.next() < AGAIN_SHARE;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      if (attempt > 1) this.#noteRepeated(batch);
      if (await this.#post(batch)) break;
      if (this.#isStopped) return;
      await sleep(RETRY_MS);
    }
    if (!isSentAgain || this.#isStopped) return;
    await sleep(RETRY_MS);
    this.#noteRepeated(batch);
    await this.#post(batch);
  }

  #noteRepeated({ ids }: Batch): void {
    for (const id of ids) this.#repeated.add(id);
  }

  /** @returns whether it was answered 200. */
  async #post(batch: Batch): Promise<boolean> {
    const gateways = this.#options.gateways();
    const gateway = this.#options.random.pick(gateways);
    const headers = {
      'content-type': 'application/json',
      ...(batch.project === 'kusk' && {
        authorization: `Basic ${Buffer.from(`${this.#options.kuskKey}:`).toString('base64')}`,
      }),
    };
    const status = await this.#ask(gateway + batch.path, headers, batch);
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    return status === 200;
  }

  /** @returns the status; 0 for no answer or half of one: nothing is acknowledged then. */
  async #ask(
    url: string,
    headers: Readonly<Record<string, string>>,
    batch: Batch,
  ): Promise<number> {
    try {
      const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
      const answer = await fetch(url, { method: 'POST', headers, body: batch.body, signal });
      const text = await answer.text();
      if (answer.status === 200) this.#noteAnswer(batch, text);
      return answer.status;
    } catch {
      return 0;
    }
  }

  #noteAnswer(batch: Batch, text: string): void {
    const { rejected = [] } = JSON.parse(text) as { rejected?: readonly Refusal[] };
    const refused = new Set(rejected.map(({ index }) => index));
    for (const { code } of rejected) this.#rejected.set(code, (this.#rejected.get(code) ?? 0) + 1);
    const acknowledged = this.#acknowledged.get(batch.project);
    for (const [index, id] of batch.ids.entries()) {
      if (refused.has(index) !== batch.bad.has(index)) this.#misjudged += 1;
      if (!refused.has(index)) acknowledged?.add(id);
    }
  }
}
