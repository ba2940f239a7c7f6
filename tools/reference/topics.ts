import { GROUPS, HEADERS, TOPICS, topicSpecs, type TopicName } from '@rollcall/contracts-transport';
import { toCode, toTable } from './table.ts';

const HOUR_MS = 3_600_000;
const MEBIBYTE = 1_048_576;

interface TopicText {
  readonly writer: string;
  readonly reader: string;
  readonly lines: string;
}

const TEXTS: Readonly<Record<TopicName, TopicText>> = {
  [TOPICS.raw]: {
    writer: 'gateway; anonymizer, what is replayed',
    reader: toCode(GROUPS.anonymizer),
    lines: 'one raw event each, identifiers in clear',
  },
  [TOPICS.anonymized]: {
    writer: 'anonymizer',
    reader: toCode(GROUPS.sink),
    lines: 'one row each of the table that the header names',
  },
  [TOPICS.rejected]: {
    writer: 'gateway, anonymizer, sink',
    reader: toCode(GROUPS.sink),
    lines: 'one rejection each: coordinates and a code, never content',
  },
  [TOPICS.erasure]: {
    writer: 'gateway',
    reader: toCode(GROUPS.anonymizer),
    lines: 'one request for erasure each, with its identifier in clear',
  },
};

const HEADER_TEXTS: Readonly<Record<keyof typeof HEADERS, string>> = {
  version: 'shape of the lines, `1` today',
  count: 'how many lines the value has',
  table: 'table that the lines are rows of (anonymized and rejected topics)',
  firstAt: 'when the lines first came, epoch ms; only where they were replayed',
};

/** @returns the page of topics, groups and headers. `partitionCount` is the default of `ROLLCALL_PARTITIONS`. */
export function topicsPage(partitionCount: number): string {
  const topics = topicSpecs(partitionCount).map((spec) => {
    const { writer, reader, lines } = TEXTS[spec.topic];
    const retention = `${spec.retentionMs / HOUR_MS} h`;
    const largest = `${spec.maxRecordBatchBytes / MEBIBYTE} MiB`;
    return [
      toCode(spec.topic),
      writer,
      reader,
      lines,
      String(spec.partitionCount),
      retention,
      largest,
    ];
  });
  const headers = Object.entries(HEADERS).map(([name, key]) => [
    toCode(key),
    HEADER_TEXTS[name as keyof typeof HEADERS],
  ]);
  return [
    '# Topics',
    'What `rollcall setup` and the embedded mode make where it is missing. Topics that exist are left as they are.',
    toTable(
      [
        'topic',
        'written by',
        'read by group',
        'lines of a record',
        'partitions',
        'retention',
        'largest batch',
      ],
      topics,
    ),
    '## Records',
    'A record’s value is NDJSON, each line ended by `\\n`. An empty value carries nothing: the gateway’s readiness probe sends ' +
      'one. Batches are compressed with zstd. An event’s coordinates are topic, partition, offset and line.',
    toTable(['header', 'meaning'], headers),
  ].join('\n\n');
}
