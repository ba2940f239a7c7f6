import type { RunResult } from './fault-run.ts';

const figure = (value: number): string => value.toFixed(1);

/** One line for a run, as soon as it is over. */
export function progressLine(result: RunResult): string {
  const faults = result.faults.map(({ kind }) => kind).join(' + ');
  return [
    `run ${result.run}: ${faults}`,
    `acknowledged ${result.acknowledged}, lost ${result.lost.length}, twice ${result.twice.length}, repeats ${result.repeats} (${result.ownRepeats} not sent twice)`,
    `outage ${figure(result.outageS)} s, recovery ${figure(result.recoveryS)} s (way ${figure(result.wayS)} s), ratio ${result.ratio.toFixed(2)}`,
  ].join(' | ');
}

/** What happened under one kind of fault, over all runs that had it. */
export interface KindRow {
  readonly fault: string;
  readonly runs: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly twice: number;
  readonly repeats: number;
  readonly 'worst outage s': string;
  readonly 'worst recovery s': string;
  readonly 'longest way s': string;
  readonly 'worst ratio': string;
}

function rowOf(fault: string, results: readonly RunResult[]): KindRow {
  const sum = (count: (result: RunResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const worst = (of: (result: RunResult) => number): number => Math.max(...results.map(of));
  return {
    fault,
    runs: results.length,
    acknowledged: sum(({ acknowledged }) => acknowledged),
    lost: sum(({ lost }) => lost.length),
    twice: sum(({ twice }) => twice.length),
    repeats: sum(({ repeats }) => repeats),
    'worst outage s': figure(worst(({ outageS }) => outageS)),
    'worst recovery s': figure(worst(({ recoveryS }) => recoveryS)),
    'longest way s': figure(worst(({ wayS }) => wayS)),
    'worst ratio': worst(({ ratio }) => ratio).toFixed(2),
  };
}

/** A row per kind, and one over all runs. */
export function kindRows(results: readonly RunResult[]): readonly KindRow[] {
  const kinds = new Set(results.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
  const rows = [...kinds].sort().map((kind) =>
    rowOf(
      kind,
      results.filter(({ faults }) => faults.some((fault) => fault.kind === kind)),
    ),
  );
  return results.length === 0 ? [] : [...rows, rowOf('all runs', results)];
}

/** The rows as a table in a page. */
export function markdownTable(rows: readonly KindRow[]): string {
  const columns = Object.keys(rows[0] ?? {}) as (keyof KindRow)[];
  const cells = rows.map((row) => columns.map((column) => String(row[column])));
  const widths = columns.map((column, index) =>
    Math.max(column.length, 3, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const line = (texts: readonly string[], filler = ' '): string =>
    `| ${texts.map((text, index) => text.padEnd(widths[index] ?? 0, filler)).join(' | ')} |`;
  const rule = line(
    columns.map(() => '-'),
    '-',
  );
  return [line(columns), rule, ...cells.map((texts) => line(texts))].join('\n');
}
