import type { MemoryReading } from './memory-watch.ts';
import { JUDGED_FROM } from './flatness.ts';
import type { MixReport } from './run-mix.ts';

/** The report as people read it. */
export function describeReport({ plan, account, memory, seconds }: MixReport): string {
  const { warmUp, requests } = plan;
  const { start, warm, tenths, end } = memory;
  return [
    `${warmUp} requests to warm up and ${requests} after them, in ${seconds.toFixed(0)} s`,
    `${sum(account.kept)} events to keep: ${[...account.kept].map(([dialect, n]) => `${dialect} ${n}`).join(', ')}`,
    `${sum(account.bad)} bad requests in ${account.bad.size} cells of kind and dialect; answered otherwise than expected: ${account.wrongCount}`,
    `${sum(account.counted)} rejections to be counted, under ${account.counted.size} pairs of project and code`,
    `gateway at the start: ${inWords(start)}`,
    `gateway after the warm-up: ${inWords(warm)}`,
    `gateway, resident MiB after each tenth: ${tenths.map(Math.round).join(' ')}`,
    `gateway at the end: ${inWords(end)}`,
    ...(requests < JUDGED_FROM
      ? [
          `Below ${JUDGED_FROM} requests only live memory is judged: resident memory moves by itself.`,
        ]
      : []),
  ].join('\n');
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function inWords({ resident, live }: MemoryReading): string {
  const mebibytes = (value: number, digits: number): string =>
    Number.isNaN(value) ? 'not measured' : `${value.toFixed(digits)} MiB`;
  return `resident ${mebibytes(resident, 0)}, live after a collection ${mebibytes(live, 1)}`;
}
