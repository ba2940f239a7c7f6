import type { ClickHouseSettings } from '@rollcall/clickhouse';
import { clickhouseSettings, credentialsFile, type CliConfig } from '../cli.config.ts';
import { readAnalysts, readGeneralAnalyst } from './credentials-file.ts';

/**
 * How to log in for a question: as who is named by CLICKHOUSE_USER; else as the analyst of the project; else as the one
 * of all projects, whom the embedded mode has.
 */
export function analystSettings(
  config: CliConfig,
  project: string | undefined,
): ClickHouseSettings {
  const settings = clickhouseSettings(config);
  if (config.CLICKHOUSE_USER !== undefined) return settings;
  const file = credentialsFile(config);
  const own = project === undefined ? undefined : readAnalysts(file)[project];
  const login = own ?? readGeneralAnalyst(file);
  if (login === undefined) return settings;
  return { ...settings, username: login.user, password: login.password };
}
