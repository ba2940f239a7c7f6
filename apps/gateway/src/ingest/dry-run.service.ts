import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import type { Decoded, WireAnswer } from '@rollcall/dialects';
import { compilePolicy, dryRun, type ProjectPolicy } from '@rollcall/privacy';
import type { IngestContext, IngestService } from './ingest.service.ts';

/**
 * "What would you keep?": the exact rows, what was dropped and why, from the very steps the anonymizer runs, with keys
 * that exist for this one answer. Nothing is produced, counted or kept.
 */
export class DryRunService {
  readonly #ingest: IngestService;
  readonly #policies: ReadonlyMap<string, ProjectPolicy>;

  constructor(ingest: IngestService, projects: ReadonlyMap<string, ProjectCatalogue>) {
    this.#ingest = ingest;
    this.#policies = new Map(
      [...projects].map(([name, project]) => [name, compilePolicy(project)]),
    );
  }

  answer(decoded: Decoded, context: IngestContext): WireAnswer {
    const { lines, indexes, rejected, notes } = this.#ingest.encode(decoded, context);
    const events = lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as unknown);
    const run = dryRun(this.#policies, events);
    const refused = [
      ...rejected.map(({ index, code }) => ({ index, code })),
      ...run.rejected.map(({ index, code }) => ({ index: indexes[index] ?? index, code })),
    ].sort((a, b) => a.index - b.index);
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        stored: run.stored,
        dropped: [...notes.map(({ code, path }) => ({ path, reason: code })), ...run.dropped],
        rejected: refused,
      }),
    };
  }
}
