import { join } from 'node:path';
import type { RollcallStack } from './stack/rollcall-stack.ts';

/** The shape that Kamaji's manager sends every five minutes; the identifier is made up. */
const STATS = {
  uuid: '00000000-0000-4000-8000-000000000001',
  kamaji_version: 'v1.0.0',
  kubernetes_version: 'v1.33.1',
  tenant_control_plane: { running: 3, upgrading: 0, not_ready: 0, sleeping: 0 },
};
const QUERY =
  'SELECT event, installation, app_version, received_at FROM rollcall.events ORDER BY received_at DESC LIMIT 5';

/** What there is to tell about a stack that is ready. */
export interface Welcome {
  readonly stack: RollcallStack;
  readonly dataDir: string;
  /** Its users are somebody else's then. */
  readonly hasOwnClickHouse: boolean;
}

/** @returns what to do next, ready to be pasted. Passwords are read from where they are, not shown. */
export function welcomeLines({ stack, dataDir, hasOwnClickHouse }: Welcome): string[] {
  const gateway = stack.urlOf('gateway');
  const credentials = join(dataDir, 'credentials.json');
  const { url } = stack.backends.clickhouse;
  const login = hasOwnClickHouse
    ? '$CLICKHOUSE_USER:$CLICKHOUSE_PASSWORD'
    : `analyst:$(node -p "require('${credentials}').clickhouse.analyst.password")`;
  const inBrowser = hasOwnClickHouse ? '' : `   (also in a browser: ${url}/play, user analyst)`;
  return [
    '',
    `  Send events to      ${gateway}/p/<project>/…   (what it answers: ${gateway}/docs)`,
    `  See what comes of it ${stack.urlOf('console')}   (sign in with gateway.admin_token of the file below)`,
    `  Query them at       ${url}${inBrowser}`,
    `  Passwords and keys  ${credentials}`,
    `  Logs                ${join(dataDir, 'logs')}`,
    '',
    '  Send one, the way Kamaji does:',
    `    curl -i ${gateway}/p/kamaji/stats -H 'Content-Type: application/json' -d '${JSON.stringify(STATS)}'`,
    '  See it:',
    `    curl -u "${login}" ${url} --data-binary '${QUERY}'`,
    '',
  ];
}
