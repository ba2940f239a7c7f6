import type { EventRow, MetricSampleRow } from '@rollcall/contracts-anonymized';
import type { Code } from '@rollcall/contracts-transport';
import { createAnonymizer } from './anonymize.pipeline.ts';
import { ListedDrops, type ListedDrop } from './drop-log.ts';
import type { ProjectPolicy } from './policy.ts';
import { createThrowAwayKeys } from './project-keys.ts';

/** What would be kept of some events: the answer of a dry run. */
export interface DryRun {
  /** Rows as they would be stored, but for the keys (thrown away) and the coordinates (there are none: -1). */
  readonly stored: readonly (EventRow | MetricSampleRow)[];
  readonly dropped: readonly ListedDrop[];
  /** Events that would be refused; `index` counts from 0 in the given order. */
  readonly rejected: readonly { readonly index: number; readonly code: Code }[];
}

/**
 * Runs the very steps of the anonymizer on events without keeping anything.
 *
 * Guarantee: the keys are random and exist only during the call, so no pseudonym of the answer can be joined with a
 * stored one.
 */
export function dryRun(
  policies: ReadonlyMap<string, ProjectPolicy>,
  events: readonly unknown[],
): DryRun {
  const keys = createThrowAwayKeys();
  const anonymize = createAnonymizer({ policies, keysOf: () => keys });
  const drops = new ListedDrops();
  const stored: (EventRow | MetricSampleRow)[] = [];
  const rejected: { index: number; code: Code }[] = [];
  for (const [index, value] of events.entries()) {
    const coordinates = { partition: -1, offset: '-1', index };
    const outcome = anonymize({ value, coordinates, drops });
    if (outcome.kind === 'ok')
      stored.push(...toRows(outcome.value.eventLine, outcome.value.sampleLines));
    else rejected.push({ index, code: outcome.code });
  }
  return { stored, dropped: drops.list, rejected };
}

function toRows(eventLine: string, sampleLines: readonly string[]): (EventRow | MetricSampleRow)[] {
  return [eventLine, ...sampleLines].map((line) => JSON.parse(line) as EventRow | MetricSampleRow);
}
