import { createClickHouse, findSchemaGap } from '@rollcall/clickhouse';
import { RollcallError, TOPICS } from '@rollcall/contracts-transport';
import { awaitKafka, awaitTopics } from '@rollcall/kafka';
import { clickhouseSettings, kafkaSettings, type CliConfig } from '../cli.config.ts';
import { QUIET } from '../terminal.ts';
import { failed, ok, type CheckResult } from './check.ts';

const KAFKA_DEADLINE_MS = 2_000;
const TOPICS_DEADLINE_MS = 3_000;

/** Is there a broker, and are the topics there? */
export async function lookAtKafka(config: CliConfig): Promise<CheckResult> {
  const settings = kafkaSettings(config);
  const brokers = settings.brokers.join(', ');
  try {
    await awaitKafka(settings, QUIET, KAFKA_DEADLINE_MS);
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    return failed(
      'kafka',
      `${error.code}: ${error.message}`,
      'Run npm start, or set KAFKA_BROKERS (and KAFKA_SSL, KAFKA_SASL_*) to your own',
    );
  }
  const topics = Object.values(TOPICS);
  const counts = await awaitTopics(
    settings,
    topics,
    QUIET,
    AbortSignal.timeout(TOPICS_DEADLINE_MS),
  ).catch(() => undefined);
  if (counts === undefined)
    return failed(
      'kafka',
      `KFK_TOPIC_MISSING: not all of ${topics.join(', ')} are at ${brokers}`,
      'Run rollcall setup',
    );
  return ok(
    'kafka',
    `${brokers}: ${[...counts].map(([topic, count]) => `${topic} (${count})`).join(', ')}`,
  );
}

/** Does ClickHouse answer this user, and are its tables new enough? */
export async function lookAtClickHouse(config: CliConfig): Promise<CheckResult> {
  const settings = clickhouseSettings(config);
  const client = createClickHouse(settings);
  try {
    const gap = await findSchemaGap(client);
    if (gap === undefined) return ok('clickhouse', `${settings.url}, tables are up to date`);
    return failed(
      'clickhouse',
      `${gap.code}: ${gap.detail}`,
      NEXT[gap.code] ?? 'Look at the log of ClickHouse',
    );
  } finally {
    await client.close();
  }
}

const NEXT: Readonly<Record<string, string>> = {
  CH_UNAVAILABLE: 'Run npm start, or set CLICKHOUSE_URL to your own',
  CH_DENIED: 'Set CLICKHOUSE_USER and CLICKHOUSE_PASSWORD',
  CH_UNTRUSTED: 'Set CLICKHOUSE_CA_FILE to the authority that signed its certificate',
  CH_SCHEMA_BEHIND: 'Run rollcall setup',
};
