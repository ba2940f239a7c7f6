import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClickHouse, type ClickHouse } from '@rollcall/clickhouse';
import type { EventRow, MetricSampleRow } from '@rollcall/contracts-anonymized';
import type { Rejection, TableName } from '@rollcall/contracts-transport';
import { testServers } from '@rollcall/testing';

/** The compiler refuses a name too many and a name too few. */
type Names<Row> = Readonly<Record<keyof Row, true>>;

const EVENT: Names<EventRow> = {
  project: true,
  dialect: true,
  event: true,
  event_id: true,
  installation: true,
  key_epoch: true,
  app_version: true,
  kubernetes_version: true,
  os: true,
  arch: true,
  provider: true,
  occurred_at: true,
  client_occurred_at: true,
  received_at: true,
  expires_at: true,
  properties: true,
  raw_partition: true,
  raw_offset: true,
  raw_index: true,
  is_ci: true,
  is_dev: true,
  is_fork: true,
};

const SAMPLE: Names<MetricSampleRow> = {
  project: true,
  event_id: true,
  sample_index: true,
  installation: true,
  key_epoch: true,
  name: true,
  labels: true,
  value: true,
  pushed: true,
  occurred_at: true,
  received_at: true,
  expires_at: true,
};

const REJECTION: Names<Rejection> = {
  project: true,
  stage: true,
  code: true,
  topic: true,
  partition: true,
  offset: true,
  index: true,
  count: true,
  at: true,
  rejection_id: true,
};

const SHAPES: readonly (readonly [TableName, object])[] = [
  ['events', EVENT],
  ['metric_samples', SAMPLE],
  ['rejections', REJECTION],
];

let admin: ClickHouse;
beforeAll(() => {
  const { url, admin: login } = testServers().clickhouse;
  admin = createClickHouse({ url, username: login.user, password: login.password });
});
afterAll(() => admin.close());

it.each(SHAPES)(
  'the columns of %s are the fields of its rows, but what the table works out by itself',
  async (table, shape) => {
    const columns = await admin.rows<{ name: string }>(
      `SELECT name FROM system.columns
     WHERE database = 'rollcall' AND table = {table:String} AND (default_kind = '' OR has({names:Array(String)}, name))`,
      { table, names: Object.keys(shape) },
    );
    expect(columns.map(({ name }) => name).toSorted()).toEqual(Object.keys(shape).toSorted());
  },
);
