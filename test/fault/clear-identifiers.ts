import { join } from 'node:path';
import { TOPICS } from '@rollcall/contracts-transport';
import { readLogs, readMetrics, visitTables, visitTopic } from '../privacy/haystacks.ts';
import type { FaultStack } from './fault-stack.ts';
import { LEAK } from './run-load.ts';

/** How many clear identifiers are where none may be, and how many in the one topic that must have them. */
export interface Finds {
  /** By place. Empty: none was found. */
  readonly leaks: Readonly<Record<string, number>>;
  /** In the raw topic: shows that the search can find. */
  readonly inRaw: number;
}

/** Counts a mark in a stream of pieces, also where the end of a piece cuts it in two. */
function counter(mark: string): { look(text: string): void; readonly count: number } {
  let count = 0;
  let tail = '';
  return {
    look: (text) => {
      const all = tail + text;
      for (let at = all.indexOf(mark); at !== -1; at = all.indexOf(mark, at + mark.length))
        count += 1;
      tail = all.slice(all.length - mark.length + 1);
    },
    get count() {
      return count;
    },
  };
}

/** Every event carried an identifier of its own twice; looks for them in all that is kept or printed. */
export async function findClearIdentifiers({ stack, dataDir }: FaultStack): Promise<Finds> {
  const { analyst, admin } = stack.credentials.clickhouse;
  const { brokers } = stack.backends.kafka;
  const clickhouse = { url: stack.backends.clickhouse.url, analyst, admin };
  const leaks = new Map<string, ReturnType<typeof counter>>();
  const lookAt = (place: string, text: string): void => {
    const found = leaks.get(place) ?? counter(LEAK);
    leaks.set(place, found);
    found.look(text);
  };
  for (const topic of [TOPICS.anonymized, TOPICS.rejected])
    await visitTopic({ brokers }, topic, (text) => lookAt(`topic ${topic}`, text));
  await visitTables({ clickhouse }, (table, text) => lookAt(`table ${table}`, text));
  const services = (['gateway', 'anonymizer', 'sink'] as const).map((name) => stack.urlOf(name));
  const logs = await readLogs({ logsDir: join(dataDir, 'logs') });
  for (const { title, text } of [...logs, ...(await readMetrics({ services }))])
    lookAt(title, text);
  const raw = counter(LEAK);
  await visitTopic({ brokers }, TOPICS.raw, (text) => raw.look(text));
  const found = [...leaks].map(([place, { count }]) => [place, count] as const);
  return {
    leaks: Object.fromEntries(found.filter(([, count]) => count > 0)),
    inRaw: raw.count,
  };
}
