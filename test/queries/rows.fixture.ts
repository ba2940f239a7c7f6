import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  createClickHouse,
  INSTALLATION_TABLES,
  queryParameters,
  readNamedQueries,
  type ClickHouse,
} from '@rollcall/clickhouse';
import { testServers, uniqueName } from '@rollcall/testing';

/** What a row says beside its project; `at` is `MM-DD hh:mm` of 2026. */
export interface Told {
  readonly event: string;
  readonly at: string;
  readonly installation?: string;
  readonly properties?: object;
  readonly [column: string]: unknown;
}

/** One push of metrics: name, labels, value. */
export interface Push {
  readonly at: string;
  readonly installation: string;
  readonly samples: readonly (readonly [string, Readonly<Record<string, string>>, number])[];
}

const queries = readNamedQueries(join(import.meta.dirname, '../../deploy/clickhouse/queries'));

/**
 * A project of its own in the real ClickHouse. Whatever is stored, is stored twice under two tokens, as after a client's
 * retry: every figure that a test works out by hand is one that did not count it twice.
 */
export class SmallProject {
  readonly project = uniqueName('queries');
  readonly #client: ClickHouse;

  constructor() {
    const { url, admin } = testServers().clickhouse;
    this.#client = createClickHouse({ url, username: admin.user, password: admin.password });
  }

  async events(rows: readonly Told[]): Promise<void> {
    await this.#insertTwice(
      'events',
      rows.map(({ at, ...row }, index) => ({
        properties: {},
        ...row,
        ...this.#common(at),
        event_id: uuidOf(`${this.project} ${index}`),
      })),
    );
  }

  async pushes(pushes: readonly Push[]): Promise<void> {
    await this.#insertTwice('metric_samples', this.#samplesOf(pushes));
  }

  /** The same pushes once more: every sample by itself, as where a refused insert was halved, then merged. */
  async pushAgain(pushes: readonly Push[]): Promise<void> {
    for (const sample of this.#samplesOf(pushes)) await this.#insert('metric_samples', [sample]);
    for (const table of ['metric_samples', 'metric_days', 'metric_months'])
      await this.#client.command(`OPTIMIZE TABLE rollcall.${table} FINAL`);
  }

  /** Deletes what an erasure deletes. */
  async erase(installation: string): Promise<void> {
    for (const table of INSTALLATION_TABLES)
      await this.#client.command(
        `DELETE FROM rollcall.${table} WHERE project = '${this.project}' AND installation = '${installation}'`,
      );
  }

  #samplesOf(pushes: readonly Push[]): readonly object[] {
    return pushes.flatMap(({ at, installation, samples }, push) =>
      samples.map(([name, labels, value], sample_index) => ({
        ...{ installation, name, labels, value, sample_index },
        pushed: pushedOf(samples, [name, labels]),
        ...this.#common(at),
        event_id: uuidOf(`${this.project} push ${push}`),
      })),
    );
  }

  /** Rows of a named query over November 2026, unless told otherwise. */
  async ask(name: string, window: Readonly<Record<string, string>> = {}): Promise<unknown[]> {
    const query = queries.find((candidate) => candidate.name === name);
    if (query === undefined) throw new Error(`there is no query ${name}`);
    const given = { project: this.project, from: '2026-11-01', to: '2026-11-30', ...window };
    return this.#client.rows(query.sql, queryParameters(query, given, Date.now()));
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #common(at: string): object {
    const time = `2026-${at}:00.000`;
    return {
      project: this.project,
      occurred_at: time,
      received_at: time,
      expires_at: '2036-01-01 00:00:00',
    };
  }

  async #insertTwice(table: 'events' | 'metric_samples', rows: readonly object[]): Promise<void> {
    for (let time = 0; time < 2; time += 1) await this.#insert(table, rows);
  }

  async #insert(table: 'events' | 'metric_samples', rows: readonly object[]): Promise<void> {
    const lines = [Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))];
    const outcome = await this.#client.insertLines(table, lines, { token: randomUUID() });
    expect(outcome).toMatchObject({ kind: 'ok' });
  }
}

/** What the anonymizer writes on each sample: the sum of those of its name and its labels in the push. */
function pushedOf(samples: Push['samples'], series: readonly [string, object]): number {
  const text = (name: string, labels: object): string =>
    JSON.stringify([name, Object.entries(labels).toSorted()]);
  const same = samples.filter(([name, labels]) => text(name, labels) === text(...series));
  return same.reduce((sum, [, , value]) => sum + value, 0);
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
