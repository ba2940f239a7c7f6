import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { Registry } from 'prom-client';
import type { Log } from '@rollcall/pipeline';
import { watchConsumer } from '@rollcall/service-kit';
import { AnonymizerConfigSchema } from '@rollcall/anonymizer/src/anonymizer.config.ts';
import { AnonymizerTelemetry } from '@rollcall/anonymizer/src/anonymizer.telemetry.ts';
import { ErasureTelemetry as OrderTelemetry } from '@rollcall/anonymizer/src/erasure/erasure.telemetry.ts';
import { ReplayTelemetry } from '@rollcall/anonymizer/src/replay/replay.telemetry.ts';
import { CliConfigSchema } from '@rollcall/cli/src/cli.config.ts';
import { ConsoleConfigSchema } from '@rollcall/console/src/console.config.ts';
import { GatewayConfigSchema } from '@rollcall/gateway/src/gateway.config.ts';
import { GatewayTelemetry } from '@rollcall/gateway/src/gateway.telemetry.ts';
import { ErasureTelemetry } from '@rollcall/sink/src/erasure/erasure.telemetry.ts';
import { SinkConfigSchema } from '@rollcall/sink/src/sink.config.ts';
import { SinkTelemetry } from '@rollcall/sink/src/sink.telemetry.ts';
import { EmbeddedConfigSchema } from '../deploy/embedded/src/embedded.config.ts';
import { errorCodesPage } from './reference/error-codes.ts';
import { metricsPage, type Measured } from './reference/metrics.ts';
import { settingsPage } from './reference/settings.ts';
import { tablesPage } from './reference/tables.ts';
import { topicsPage } from './reference/topics.ts';

const MIGRATIONS = join(import.meta.dirname, '../libs/clickhouse/migrations');
const DEFAULT_PARTITION_COUNT = 6;
const NOTICE = '<!-- Made by `npm run docs` from the sources; edit those. -->';

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The pages of docs/reference that are made from the sources, by file name, formatted. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  const pages = {
    'error-codes.md': errorCodesPage(),
    'settings.md': settingsPage([
      { name: 'gateway', schema: GatewayConfigSchema },
      { name: 'anonymizer', schema: AnonymizerConfigSchema },
      { name: 'sink', schema: SinkConfigSchema },
      { name: 'console', schema: ConsoleConfigSchema },
      { name: 'npm start', schema: EmbeddedConfigSchema },
      { name: 'rollcall', schema: CliConfigSchema },
    ]),
    'topics.md': topicsPage(DEFAULT_PARTITION_COUNT),
    'tables.md': tablesPage(readMigrations()),
    'metrics.md': metricsPage(ownMetrics()),
  };
  const formatted = Object.entries(pages).map(async ([name, page]) => {
    const text = `${NOTICE}\n\n${page}\n`;
    return [
      name,
      await format(text, { parser: 'markdown', singleQuote: true, printWidth: 100 }),
    ] as const;
  });
  return new Map(await Promise.all(formatted));
}

function readMigrations(): readonly string[] {
  const files = readdirSync(MIGRATIONS).filter((file) => file.endsWith('.sql'));
  return files.toSorted().map((file) => readFileSync(join(MIGRATIONS, file), 'utf8'));
}

/** Each service's telemetry over a registry of its own; nothing is measured. */
function ownMetrics(): readonly Measured[] {
  const [gateway, anonymizer, sink] = [new Registry(), new Registry(), new Registry()];
  const surroundings = { log: silent, clock: Date.now };
  const nothing = (): undefined => undefined;
  const consumer = { health: () => ({}), lagRecords: () => Promise.resolve(undefined) };
  new GatewayTelemetry({
    registry: gateway,
    log: silent,
    pendingBytes: () => 0,
    spoolBytes: () => 0,
    writeRejection: nothing,
  });
  new AnonymizerTelemetry({ registry: anonymizer, ...surroundings });
  watchConsumer(anonymizer, 'anonymizer', consumer, Date.now);
  new SinkTelemetry({ registry: sink, ...surroundings });
  watchConsumer(sink, 'sink', consumer, Date.now);
  new OrderTelemetry(anonymizer, silent);
  new ReplayTelemetry(anonymizer, silent);
  new ErasureTelemetry(sink, silent);
  return [
    { name: 'gateway', registry: gateway },
    { name: 'anonymizer', registry: anonymizer },
    { name: 'sink', registry: sink },
  ];
}
