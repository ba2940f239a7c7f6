import { createHash } from 'node:crypto';
import {
  analystAccess,
  analystOf,
  analystRemoval,
  analystStatements,
  type ClickHouse,
} from '@rollcall/clickhouse';
import type { AnalystAccounts } from './analyst-accounts.ts';
import { readAnalysts, writeAnalysts } from './credentials-file.ts';

/** What the analysts of a server are made with. */
export interface ServerAnalystsOptions {
  /** A user that may make users, profiles, quotas and row policies. */
  readonly client: ClickHouse;
  readonly cluster?: string | undefined;
  /** Where the login is written for whoever hands it on. */
  readonly file: string;
}

/** Analysts as SQL users of a ClickHouse server. */
export function serverAnalysts({ client, cluster, file }: ServerAnalystsOptions): AnalystAccounts {
  const target = { database: client.database, cluster };
  const run = async (statements: readonly string[]): Promise<void> => {
    // the text of the statement stays out of errors: one of them holds the sum of the password
    for (const [index, statement] of statements.entries())
      await client.command(statement, `analyst, statement ${index + 1} of ${statements.length}`);
  };
  return {
    add: async (project, password) => {
      const access = analystAccess(project);
      const sum = createHash('sha256').update(password).digest('hex');
      await run(analystStatements(access, sum, target));
      const login = { user: access.user, password };
      writeAnalysts(file, { ...readAnalysts(file), [project]: login });
      return `${access.user} can log in now. Its login is in ${file}, under clickhouse.analysts.`;
    },
    remove: async (project) => {
      const access = analystAccess(project);
      await run(analystRemoval(access, target));
      const { [project]: removed, ...kept } = readAnalysts(file);
      if (removed !== undefined) writeAnalysts(file, kept);
      return `${access.user} is gone.`;
    },
    list: async () => {
      const users = await client.rows<{ name: string }>(
        'SELECT name FROM system.users ORDER BY name',
      );
      return users.flatMap(({ name }) => analystOf(name) ?? []);
    },
  };
}
