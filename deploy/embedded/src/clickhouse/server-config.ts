import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { grantsOf } from '@rollcall/clickhouse';
import type { Credentials, Login } from '../credentials.ts';

/** What differs between two embedded ClickHouse servers. */
export interface ServerSettings {
  readonly host: string;
  readonly httpPort: number;
  readonly tcpPort: number;
  readonly dataDir: string;
}

const TWO_GIGABYTES = 2_000_000_000;
const ANALYST_SECONDS = 30;

/** Longest interval that a quota takes whose end is not near: 50 years, counted from 1970, so until 2069. */
const FIFTY_YEARS_S = 1_576_800_000;
/** `SYSTEM START LISTEN` twice and the statement that waits for the end of the lifeline. */
const ENGINE_STATEMENTS = 3;

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * The server's configuration.
 *
 * Query texts and the data in them stay out of the log: the loggers that quote them are silent, a client gets its
 * error in the answer.
 */
export function serverConfig(settings: ServerSettings): string {
  const folder = (name: string): string => `${escapeXml(join(settings.dataDir, name))}/`;
  const silent = ['executeQuery', 'DynamicQueryHandler', 'HTTPHandler', 'TCPHandler'];
  const levels = silent.map((name) => `<logger><name>${name}</name><level>none</level></logger>`);
  return `<clickhouse>
  <path>${folder('data')}</path>
  <tmp_path>${folder('tmp')}</tmp_path>
  <http_port>${settings.httpPort}</http_port>
  <tcp_port>${settings.tcpPort}</tcp_port>
  <listen_host>${escapeXml(settings.host)}</listen_host>
  <user_directories><users_xml><path>${escapeXml(join(settings.dataDir, 'users.xml'))}</path></users_xml></user_directories>
  <backups><allowed_path>${folder('backups')}</allowed_path></backups>
  <logger>
    <level>warning</level>
    <console>1</console>
    <console_log_level>warning</console_log_level>
    <levels>${levels.join('')}</levels>
  </logger>
  <!-- the engine begins with a pool of two, and says so every second -->
  <background_schedule_pool_size>16</background_schedule_pool_size>
  <max_server_memory_usage_to_ram_ratio>0.5</max_server_memory_usage_to_ram_ratio>
  <mark_cache_size>${TWO_GIGABYTES / 8}</mark_cache_size>
</clickhouse>
`;
}

function user(login: Login, profile: string, grants?: readonly string[]): string {
  const hash = createHash('sha256').update(login.password).digest('hex');
  const granted = grants?.map((grant) => `<query>${grant}</query>`).join('');
  return `    <${login.user}>
      <password_sha256_hex>${hash}</password_sha256_hex>
      <networks><ip>::/0</ip></networks>
      <profile>${profile}</profile>
      <quota>default</quota>
      ${granted === undefined ? '<access_management>1</access_management>' : `<grants>${granted}</grants>`}
    </${login.user}>`;
}

/**
 * The server's users.
 *
 * The engine logs in as `default` with an empty password, from this machine, and nothing can change that. So
 * `default` has no right to read anything, and a quota of exactly the engine's own statements: whoever else logs in as
 * `default` may run nothing. The rights matter too: a quota is looked at after a query's files have been.
 */
export function usersConfig({ clickhouse }: Credentials): string {
  return `<clickhouse>
  <profiles>
    <default/>
    <analyst>
      <readonly>2</readonly>
      <max_memory_usage>${TWO_GIGABYTES}</max_memory_usage>
      <max_execution_time>${ANALYST_SECONDS}</max_execution_time>
      <constraints>
        <max_memory_usage><max>${TWO_GIGABYTES}</max></max_memory_usage>
        <max_execution_time><max>${ANALYST_SECONDS}</max></max_execution_time>
      </constraints>
    </analyst>
  </profiles>
  <quotas>
    <default/>
    <engine><interval><duration>${FIFTY_YEARS_S}</duration><queries>${ENGINE_STATEMENTS}</queries></interval></engine>
  </quotas>
  <users>
    <default>
      <no_password/>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>engine</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
      </grants>
    </default>
${user(clickhouse.admin, 'default')}
${user(clickhouse.sink, 'default', grantsOf('sink'))}
${user(clickhouse.analyst, 'analyst', grantsOf('analyst'))}
${user(clickhouse.eraser, 'default', grantsOf('eraser'))}
${user(clickhouse.receipts, 'default', grantsOf('receipts'))}
  </users>
</clickhouse>
`;
}
