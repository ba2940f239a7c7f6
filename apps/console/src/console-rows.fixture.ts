import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import {
  createClickHouse,
  INSTALLATION_TABLES,
  refreshRollups,
  type ClickHouse,
} from '@rollcall/clickhouse';
import { testServers } from '@rollcall/testing';

const DAY_MS = 86_400_000;

/** What an installation sent on a day. */
export interface Sent {
  readonly installation: string;
  /** Whole days before now. */
  readonly daysAgo: number;
  readonly version?: string;
  readonly event?: string;
}

/** Puts rows of a project into the real ClickHouse, as the sink would, and has them counted. */
export class ProjectRows {
  readonly project: string;
  readonly #client: ClickHouse;

  constructor(project: string) {
    this.project = project;
    const { url, admin } = testServers().clickhouse;
    this.#client = createClickHouse({ url, username: admin.user, password: admin.password });
  }

  async events(sent: readonly Sent[]): Promise<void> {
    await this.#insert(
      'events',
      sent.map(({ installation, daysAgo, version = 'v1.0.0', event = 'report' }) => ({
        ...this.#common(daysAgo),
        event,
        installation,
        app_version: version,
        properties: {},
      })),
    );
  }

  /** A push of a cluster: name, kind, value. */
  async push(
    installation: string,
    daysAgo: number,
    samples: readonly (readonly [name: string, kind: string, value: number])[],
  ): Promise<void> {
    const common = this.#common(daysAgo);
    await this.#insert(
      'metric_samples',
      samples.map(([name, kind, value], sample_index) => ({
        ...common,
        installation,
        sample_index,
        name,
        labels: kind === '' ? {} : { kind },
        value,
      })),
    );
  }

  /** Merges what was put in, as ClickHouse does in its own time. */
  async merge(): Promise<void> {
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

  /** Tables that ClickHouse says it would read for a question. */
  async tablesOf(query: string, parameters: object): Promise<readonly string[]> {
    const plan = await this.#client.rows<{ explain: string }>(`EXPLAIN ${query}`, {
      ...parameters,
    });
    return plan.flatMap(({ explain }) => {
      const [, table] = /ReadFromMergeTree \((\S+)\)/.exec(explain) ?? [];
      return table === undefined ? [] : [table];
    });
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #common(daysAgo: number): object {
    // noon: no test depends on the hour that it runs at
    const day = new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);
    const time = `${day} 12:00:00.000`;
    return {
      project: this.project,
      event_id: randomUUID(),
      occurred_at: time,
      received_at: time,
      expires_at: '2036-01-01 00:00:00',
    };
  }

  async #insert(table: 'events' | 'metric_samples', rows: readonly object[]): Promise<void> {
    const lines = [Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))];
    expect(await this.#client.insertLines(table, lines, { token: randomUUID() })).toMatchObject({
      kind: 'ok',
    });
    await refreshRollups(this.#client);
  }
}

/** So many installations with a name of their own. */
export function installations(count: number, prefix: string): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}
