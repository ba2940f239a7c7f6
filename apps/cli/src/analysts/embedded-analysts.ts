import { analystAccess } from '@rollcall/clickhouse';
import type { AnalystAccounts } from './analyst-accounts.ts';
import { readAnalysts, writeAnalysts } from './credentials-file.ts';

const RESTART = 'The embedded ClickHouse reads its users when it starts: restart `npm start`.';

/** Analysts of the embedded mode: its launcher makes `users.xml` of the file of credentials. */
export function embeddedAnalysts(file: string): AnalystAccounts {
  return {
    add: async (project, password) => {
      const { user } = analystAccess(project);
      writeAnalysts(file, { ...readAnalysts(file), [project]: { user, password } });
      return `The login of ${user} is in ${file}, under clickhouse.analysts. ${RESTART}`;
    },
    remove: async (project) => {
      const { [project]: removed, ...kept } = readAnalysts(file);
      if (removed === undefined) return `${project} has no analyst.`;
      writeAnalysts(file, kept);
      return `${removed.user} is no longer in ${file}. ${RESTART}`;
    },
    list: async () => Object.keys(readAnalysts(file)).toSorted(),
  };
}
