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

/** @returns what to do next, ready to be pasted. Passwords are read from the file, not shown. */
export function welcomeLines(stack: RollcallStack, dataDir: string): string[] {
  const gateway = stack.urlOf('gateway');
  const credentials = join(dataDir, 'credentials.json');
  const { clickhouse } = stack.backends;
  const password = `$(node -p "require('${credentials}').clickhouse.analyst.password")`;
  return [
    '',
    `  Send events to      ${gateway}/p/<project>/…   (what it answers: ${gateway}/docs)`,
    `  Query them at       ${clickhouse.url}   (also in a browser: ${clickhouse.url}/play, user analyst)`,
    `  Passwords and keys  ${credentials}`,
    `  Logs                ${join(dataDir, 'logs')}`,
    '',
    '  Send one, the way Kamaji does:',
    `    curl -i ${gateway}/p/kamaji/stats -H 'Content-Type: application/json' -d '${JSON.stringify(STATS)}'`,
    '  See it:',
    `    curl -u "analyst:${password}" ${clickhouse.url} --data-binary '${QUERY}'`,
    '',
  ];
}
