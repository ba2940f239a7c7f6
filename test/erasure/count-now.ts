import { createClickHouse, refreshRollups } from '@rollcall/clickhouse';
import type { RollcallStack } from '@rollcall/embedded';

/** Has what is counted once a minute counted now. */
export async function countNow({ backends, credentials }: RollcallStack): Promise<void> {
  const { user: username, password } = credentials.clickhouse.admin;
  const owner = createClickHouse({ url: backends.clickhouse.url, username, password });
  await refreshRollups(owner).finally(() => owner.close());
}
