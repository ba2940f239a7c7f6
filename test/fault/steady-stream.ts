import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a stream was told about its events. */
export interface StreamTally {
  /** Ids of events that were answered 200: these must be in ClickHouse, once. */
  readonly acknowledged: ReadonlySet<string>;
  /** How many were answered with each other status; 0 stands for no answer at all. */
  readonly others: ReadonlyMap<number, number>;
}

export interface SteadyStream {
  tally(): StreamTally;
  /** Stops sending and waits for the answers that are still due. */
  stop(): Promise<StreamTally>;
}

export interface StreamOptions {
  /** Gateways to send to, in turn: `http://127.0.0.1:8080`. */
  readonly gateways: readonly string[];
  readonly eventsPerSecond: number;
}

function event(eventId: string, sequence: number): object {
  return {
    event: 'stats',
    event_id: eventId,
    installation_id: `installation-${sequence % 50}`,
    occurred_at: new Date().toISOString(),
    properties: {
      kamaji_version: 'v1.0.0',
      kubernetes_version: 'v1.33.1',
      tenant_control_plane: { running: sequence % 20, upgrading: 0, not_ready: 0, sleeping: 0 },
    },
  };
}

async function post(url: string, body: string): Promise<number> {
  try {
    const answer = await fetch(url, { method: 'POST', body, signal: AbortSignal.timeout(15_000) });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}

/** Sends single events at a steady rate, each with an id of its own, and keeps what was acknowledged. No retries. */
export function startStream({ gateways, eventsPerSecond }: StreamOptions): SteadyStream {
  const acknowledged = new Set<string>();
  const others = new Map<number, number>();
  const underWay = new Set<Promise<void>>();
  let isStopped = false;
  let sequence = 0;

  async function sendOne(): Promise<void> {
    const eventId = randomUUID();
    const gateway = gateways[sequence % gateways.length] ?? '';
    const status = await post(
      `${gateway}/p/kamaji/events`,
      JSON.stringify(event(eventId, sequence)),
    );
    if (status === 200) acknowledged.add(eventId);
    else others.set(status, (others.get(status) ?? 0) + 1);
  }

  async function run(): Promise<void> {
    const startedAt = performance.now();
    while (!isStopped) {
      const due = Math.floor(((performance.now() - startedAt) / 1_000) * eventsPerSecond);
      for (; sequence < due && underWay.size < 500; sequence += 1) {
        const sent = sendOne().finally(() => underWay.delete(sent));
        underWay.add(sent);
      }
      await sleep(10);
    }
  }

  const running = run();
  const tally = (): StreamTally => ({ acknowledged, others });
  return {
    tally,
    stop: async () => {
      isStopped = true;
      await running;
      await Promise.all(underWay);
      return tally();
    },
  };
}
