import { Command, InvalidArgumentError, Option } from 'commander';
import { createClickHouse, findRefused } from '@rollcall/clickhouse';
import {
  REPLAYABLE_CODES,
  REPLAYABLE_TOPICS,
  type Coordinates,
  type ReplayableTopic,
} from '@rollcall/contracts-transport';
import { awaitTopics, replayRecords, type Replay, type ReplayResult } from '@rollcall/kafka';
import { clickhouseSettings, kafkaSettings, type CliConfig } from '../cli.config.ts';
import type { CliContext } from '../context.ts';
import { toLog, type Terminal } from '../terminal.ts';

const PROGRESS_MS = 5_000;
/** Missing records that are named one by one; of more, only the number is told. */
const NAMED_MISSING = 20;

interface ReplayOptions {
  readonly topic: ReplayableTopic;
  readonly code: string;
  readonly project?: string;
  readonly since?: Date;
  readonly dryRun?: true;
}

/**
 * `rollcall replay`: what was refused comes again, after a catalogue or a program was mended. Safe to run twice: events
 * keep their ids, so that the tables count each once.
 */
export function replayCommand(context: CliContext): Command {
  return new Command('replay')
    .description('produce again what was refused with a code, from its record in Kafka')
    .addOption(
      new Option('--topic <name>', 'where it was refused')
        .choices(REPLAYABLE_TOPICS)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--code <code>', 'why it was refused')
        .choices(REPLAYABLE_CODES)
        .makeOptionMandatory(),
    )
    .option('--project <name>', 'only what was refused for this project')
    .option('--since <time>', 'only what was refused since, e.g. 2026-11-21T10:00Z', toDate)
    .option('--dry-run', 'read and count, produce nothing')
    .action((options: ReplayOptions) => run(options, context));
}

function toDate(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('not a time');
  return date;
}

async function run(options: ReplayOptions, { config, terminal }: CliContext): Promise<void> {
  const settings = config();
  const refused = await find(options, settings);
  terminal.out(`${refused.length} rejections with ${options.code} have coordinates.`);
  if (refused.length === 0) return;
  const kafka = kafkaSettings(settings);
  const log = toLog(terminal);
  await awaitTopics(kafka, [options.topic], log);
  const isDry = options.dryRun === true;
  const progressed = reportProgress(terminal);
  const replay: Replay = { topic: options.topic, refused, isDry, progressed };
  tell(await replayRecords(replay, kafka, log), options, terminal);
}

async function find(
  { topic, code, project, since = new Date(0) }: ReplayOptions,
  config: CliConfig,
): Promise<readonly Coordinates[]> {
  const client = createClickHouse(clickhouseSettings(config));
  try {
    return await findRefused(client, { topic, code, project, since });
  } finally {
    await client.close();
  }
}

function reportProgress(terminal: Terminal): NonNullable<Replay['progressed']> {
  let toldAt = Date.now();
  return (readCount, wantedCount) => {
    if (Date.now() - toldAt < PROGRESS_MS) return;
    toldAt = Date.now();
    terminal.err(`${readCount} of ${wantedCount} records read.`);
  };
}

function tell(result: ReplayResult, { topic, dryRun }: ReplayOptions, terminal: Terminal): void {
  const { wantedCount, lineCount, repeatedCount, missing } = result;
  const verb = dryRun === true ? 'would be produced' : 'were produced';
  terminal.out(
    `${wantedCount - missing.length} of ${wantedCount} records read; ${lineCount} lines ${verb} to ${topic}, ${repeatedCount} were the same as another.`,
  );
  if (missing.length === 0) return;
  terminal.out(
    `${missing.length} records are past the retention of the topic, or not in Kafka any more:`,
  );
  for (const { partition, offset } of missing.slice(0, NAMED_MISSING))
    terminal.out(`  partition ${partition}, offset ${offset}`);
}
