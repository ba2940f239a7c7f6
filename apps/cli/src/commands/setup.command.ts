import { Command, Option } from 'commander';
import { loadCatalogue } from '@rollcall/catalogue';
import { createClickHouse, migrate } from '@rollcall/clickhouse';
import { topicSpecs } from '@rollcall/contracts-transport';
import { awaitKafka, ensureTopics } from '@rollcall/kafka';
import { clickhouseSettings, kafkaSettings, keyringFile, type CliConfig } from '../cli.config.ts';
import type { CliContext } from '../context.ts';
import { ExitCode } from '../failure.ts';
import { runKeys } from '../run-keys.ts';
import { toLog, type Terminal } from '../terminal.ts';

const KAFKA_DEADLINE_MS = 60_000;

type Part = (config: CliConfig, terminal: Terminal) => Promise<void>;

/** In this order: what is later stands on nothing that is earlier, but is worth less without it. */
const PARTS: Readonly<Record<string, Part>> = {
  keys: makeKeys,
  topics: makeTopics,
  tables: makeTables,
};

/** `rollcall setup`: what services need before they can work. Safe to run again, and beside running services. */
export function setupCommand(context: CliContext): Command {
  return new Command('setup')
    .description('make what is missing: keys, topics, tables')
    .addOption(
      new Option('--skip <part...>', 'leave these out').choices(Object.keys(PARTS)).default([]),
    )
    .action(({ skip }: { skip: readonly string[] }) => setup(skip, context));
}

async function setup(skipped: readonly string[], context: CliContext): Promise<void> {
  const config = context.config();
  for (const [name, make] of Object.entries(PARTS))
    if (!skipped.includes(name)) await make(config, context.terminal);
}

async function makeKeys(config: CliConfig, terminal: Terminal): Promise<void> {
  const { projects } = await loadCatalogue(config.CATALOGUE_DIR);
  const names = [...projects.keys()].flatMap((name) => ['--project', name]);
  const exitCode = await runKeys(['init', '--keyring', keyringFile(config), ...names], terminal);
  if (exitCode !== 0) throw new ExitCode(exitCode);
  terminal.out('The keyring has keys for every project.');
}

async function makeTopics(config: CliConfig, terminal: Terminal): Promise<void> {
  const settings = kafkaSettings(config);
  const specs = topicSpecs(config.ROLLCALL_PARTITIONS);
  const log = toLog(terminal);
  await awaitKafka(settings, log, KAFKA_DEADLINE_MS);
  await ensureTopics(settings, specs, log, {
    replicationFactor: config.ROLLCALL_REPLICATION_FACTOR,
  });
  terminal.out(`Kafka has the topics ${specs.map(({ topic }) => topic).join(', ')}.`);
}

async function makeTables(config: CliConfig, terminal: Terminal): Promise<void> {
  const client = createClickHouse(clickhouseSettings(config));
  try {
    const applied = await migrate(client, {
      log: toLog(terminal),
      cluster: config.CLICKHOUSE_CLUSTER,
    });
    terminal.out(`ClickHouse has its tables (${applied.length} migrations applied now).`);
  } finally {
    await client.close();
  }
}
