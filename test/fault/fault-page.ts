import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { sharedKafkaLibsDir } from '@rollcall/embedded';
import { ask } from '../replay/analyst.ts';
import { kindRows, markdownTable } from './fault-report.ts';
import type { SeriesOptions, SeriesResult } from './fault-series.ts';
import type { FaultStack } from './fault-stack.ts';
import { analystOf } from './ledger.ts';

const PAGE = new URL('../../docs/reliability.md', import.meta.url);
const BEGIN = '<!-- written by npm run fault -->';
const END = '<!-- end -->';

/** Machine and versions, in one line. */
export async function surroundings({ stack }: FaultStack): Promise<string> {
  const [row] = await ask<{ version: string }>(analystOf(stack), 'SELECT version() AS version');
  const [jar = ''] = globSync('kafka-clients-*.jar', { cwd: sharedKafkaLibsDir });
  const kafka = /kafka-clients-(.+)\.jar/.exec(jar)?.[1] ?? 'unknown';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${memory} GiB; Node ${process.version}, Kafka ${kafka}, ClickHouse ${row?.version}`;
}

/** Requests that were not answered 200, by what was answered instead. */
function otherAnswers(results: SeriesResult['results']): string {
  const counts = new Map<number, number>();
  for (const [status, count] of results.flatMap(({ statuses }) => [...statuses]))
    if (status !== 200) counts.set(status, (counts.get(status) ?? 0) + count);
  const texts = [...counts].map(
    ([status, count]) => `${status === 0 ? 'no answer' : status} ${count} times`,
  );
  return texts.length === 0 ? 'every request 200' : texts.sort().join(', ');
}

/** What a series has shown beside its table. */
export function summary({ results, end, finds }: SeriesResult): string {
  const sum = (count: (run: SeriesResult['results'][number]) => number): number =>
    results.reduce((total, run) => total + count(run), 0);
  const leaks = Object.values(finds.leaks).reduce((a, b) => a + b, 0);
  const own = sum(({ ownRepeats }) => ownRepeats);
  return [
    `Acknowledged ${sum(({ acknowledged }) => acknowledged)} events in ${results.length} runs;`,
    `the whole ledger at the end: lost ${end.lost}, twice ${end.twice}.`,
    `Answers but 200: ${otherAnswers(results)}.`,
    `Bad events answered with a code: ${sum(({ rejected }) => rejected)}, judged wrongly: ${sum(({ misjudged }) => misjudged)}.`,
    `Clear identifiers found: ${leaks}, where ${finds.inRaw} of them are in the raw topic.`,
    `Repeats of ids that the client sent once: ${own}.`,
  ].join(' ');
}

/** Puts a series in the place of the one before in the page; what people wrote around it stays. */
export function writePage(series: SeriesResult, options: SeriesOptions, where: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const command = `npm run fault -- --runs ${options.runs} --seed ${options.seed}`;
  const date = new Date().toISOString().slice(0, 10);
  const table = markdownTable(kindRows(series.results));
  const text = `${BEGIN}\n\n\`${command}\` on ${date}: ${where}.\n\n${summary(series)}\n\n${table}\n\n${END}`;
  const before = page.slice(0, page.indexOf(BEGIN));
  const after = page.slice(page.indexOf(END) + END.length);
  writeFileSync(PAGE, before + text + after);
}
