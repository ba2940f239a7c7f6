import { join } from 'node:path';
import { escapeXml } from './escape-xml.ts';

/** What differs between two embedded ClickHouse servers. */
export interface ServerSettings {
  readonly host: string;
  readonly httpPort: number;
  readonly tcpPort: number;
  readonly dataDir: string;
}

const TWO_GIGABYTES = 2_000_000_000;

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
