import { Command, InvalidArgumentError, Option } from 'commander';
import { createClickHouse } from '@rollcall/clickhouse';
import { CODES, TOPICS } from '@rollcall/contracts-transport';
import { RecordProducer, awaitTopics, readRecords, type KafkaSettings } from '@rollcall/kafka';
import { clickhouseSettings, kafkaSettings, type CliConfig } from '../cli.config.ts';
import type { CliContext } from '../context.ts';
import { replay, type Rejected, type ReplayPorts, type ReplayResult } from '../replay/replay.ts';
import { toLog, type Terminal } from '../terminal.ts';

const PROGRESS_MS = 5_000;
/** Missing records that are named one by one; of more, only the number is told. */
const NAMED_MISSING = 20;

interface ReplayOptions {
  readonly topic: string;
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
        .choices([TOPICS.raw, TOPICS.anonymized])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--code <code>', 'why it was refused')
        .choices(Object.keys(CODES).filter((code) => /^(AN|SK)_/.test(code)))
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
  const rejected = await findRejected(options, settings);
  terminal.out(`${rejected.length} rejections with ${options.code} have coordinates.`);
  if (rejected.length === 0) return;
  const result = await replayWith(kafkaSettings(settings), { options, rejected, terminal });
  tell(result, options, terminal);
}

async function findRejected(options: ReplayOptions, config: CliConfig): Promise<Rejected[]> {
  const { topic, code, project = '', since = new Date(0) } = options;
  const client = createClickHouse(clickhouseSettings(config));
  try {
    return await client.rows<Rejected>(
      `SELECT DISTINCT "partition", toString("offset") AS "offset", "index"
       FROM ${client.database}.rejections AS r FINAL
       WHERE topic = {topic:String} AND code = {code:String} AND r.offset >= 0 AND r.partition >= 0
         AND ({project:String} = '' OR project = {project:String}) AND "at" >= toDateTime({since:UInt32})
       ORDER BY r.partition, r.offset, r.index`,
      { topic, code, project, since: Math.floor(since.getTime() / 1_000) },
    );
  } finally {
    await client.close();
  }
}

interface Work {
  readonly options: ReplayOptions;
  readonly rejected: readonly Rejected[];
  readonly terminal: Terminal;
}

async function replayWith(
  settings: KafkaSettings,
  { options, rejected, terminal }: Work,
): Promise<ReplayResult> {
  const { topic } = options;
  const log = toLog(terminal);
  const partitionCounts = await awaitTopics(settings, [topic], log);
  const producer = new RecordProducer({ settings, log, partitionCounts });
  const isDry = options.dryRun === true;
  const ports: ReplayPorts = {
    read: (offsets, onRecord) => readRecords(settings, { topic, offsets }, onRecord, log),
    send: isDry ? undefined : (partition, record) => producer.send(topic, partition, [record]),
    progressed: reportProgress(terminal),
  };
  if (!isDry) await producer.connect();
  try {
    return await replay(rejected, ports);
  } finally {
    await producer.disconnect();
  }
}

function reportProgress(terminal: Terminal): ReplayPorts['progressed'] {
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
  terminal.out(`${missing.length} records are not in Kafka any more (past retention):`);
  for (const { partition, offset } of missing.slice(0, NAMED_MISSING))
    terminal.out(`  partition ${partition}, offset ${offset}`);
}
