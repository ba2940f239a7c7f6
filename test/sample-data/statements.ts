import { dice, object, quote, type Expression } from './expressions.ts';
import { SAMPLE_DIALECT, sampleEventId, sampleInstallation } from './marks.ts';
import type { SampleEvent, SampleMetric, SampleProject } from './projects/sample-project.ts';
import { visits, type Slice } from './visits.sql.ts';

/**
 * No deduplication: the same rows may come again after they were removed, and ClickHouse remembers what it has seen. A
 * row that is inserted twice merges with itself.
 */
const SETTINGS = 'SETTINGS insert_deduplicate = 0, max_insert_threads = 1, max_threads = 1';

/** Where a clock is wrong, it is a month behind; what is stored is clamped to two days. */
const CLAMPED_MS = 172_800_000;
const WRONG_MS = 2_592_000_000;

type Column = SampleEvent['tells'][number];

/** Whether what happens tells a fact. */
function tells(events: readonly SampleEvent[], column: Column): Expression {
  return oneOfKinds(events, (event) => event.tells.includes(column));
}

function oneOfKinds(
  events: readonly SampleEvent[],
  holds: (event: SampleEvent) => boolean,
): Expression {
  const kinds = [...events.keys()].filter((index) => holds(events[index] as SampleEvent));
  if (kinds.length === events.length) return '1';
  return kinds.length === 0 ? '0' : `kind IN (${kinds.join(', ')})`;
}

/** An expression of each kind of event, by its number. */
function byKind(
  events: readonly SampleEvent[],
  of: (event: SampleEvent) => Expression,
): Expression {
  const branches = events.slice(0, -1).map((event, index) => `kind = ${index}, ${of(event)}`);
  const last = events.at(-1);
  const otherwise = last === undefined ? `''` : of(last);
  return branches.length === 0 ? otherwise : `multiIf(${branches.join(', ')}, ${otherwise})`;
}

function facts(project: SampleProject): string {
  const { events, tellsTime } = project;
  const given = (column: Column, value: Expression): string =>
    `if(${tells(events, column)}, ${value}, '') AS ${column}`;
  const client = tellsTime
    ? `if(has_wrong_clock, fromUnixTimestamp64Milli(received_ms - ${WRONG_MS}, 'UTC'), occurred_at)`
    : 'NULL';
  return [
    `${byKind(events, ({ event }) => quote(event))} AS event`,
    `${sampleEventId} AS event_id`,
    `if(${oneOfKinds(events, ({ namesInstallation }) => namesInstallation !== false)}, ${sampleInstallation}, '') AS installation`,
    `toUInt16(installation != '') AS key_epoch`,
    given('app_version', 'version'),
    given('kubernetes_version', 'kubernetes'),
    given('os', 'system'),
    given('arch', 'processor'),
    given('provider', 'cloud'),
    `at_ms + ${dice(900, 4)} AS received_ms`,
    `fromUnixTimestamp64Milli(${tellsTime ? `if(has_wrong_clock, received_ms - ${CLAMPED_MS}, at_ms)` : 'received_ms'}, 'UTC') AS occurred_at`,
    `${client} AS client_occurred_at`,
    `fromUnixTimestamp64Milli(received_ms, 'UTC') AS received_at`,
    `toDateTime(received_at, 'UTC') + INTERVAL ${project.retentionDays} DAY AS expires_at`,
  ].join(',\n    ');
}

/** Adds the events of a slice. */
export function insertEvents(database: string, project: SampleProject, slice: Slice): string {
  const { events } = project;
  return `INSERT INTO ${database}.events (project, dialect, event, event_id, installation, key_epoch, app_version,
    kubernetes_version, os, arch, provider, occurred_at, client_occurred_at, received_at, expires_at, properties,
    raw_partition, raw_offset, raw_index, is_ci, is_dev, is_fork)
SELECT
    ${quote(project.name)} AS project,
    ${quote(SAMPLE_DIALECT)} AS dialect,
    event, event_id, installation, key_epoch, app_version, kubernetes_version, os, arch, provider, occurred_at,
    client_occurred_at, received_at, expires_at, properties,
    -1 AS raw_partition,
    number AS raw_offset,
    0 AS raw_index,
    is_ci_cluster AND ${tells(events, 'provider')} AS is_ci,
    is_dev_build AND ${tells(events, 'app_version')} AS is_dev,
    is_fork_build AND ${tells(events, 'app_version')} AS is_fork
FROM (SELECT *,
    ${facts(project)},
    ${byKind(events, ({ properties }) => object(properties))} AS properties
FROM (${visits(project, slice)}))
${SETTINGS}`;
}

function sampleList(samples: readonly SampleMetric[] = []): Expression {
  const rows = samples.map(({ name, labels, value }) => {
    const pairs = Object.entries(labels).map(([label, told]) => `${quote(label)}, ${told}`);
    return `(${quote(name)}, map(${pairs.join(', ')})::Map(String, String), toFloat64(${value}))`;
  });
  return `[${rows.join(', ')}]`;
}

/** Adds the samples of a slice's pushes; undefined for a project that pushes no metrics. */
export function insertSamples(
  database: string,
  project: SampleProject,
  slice: Slice,
): string | undefined {
  const { events } = project;
  if (events.every(({ samples }) => samples === undefined)) return undefined;
  return `INSERT INTO ${database}.metric_samples (project, event_id, sample_index, installation, key_epoch, name, labels,
    value, occurred_at, received_at, expires_at)
SELECT ${quote(project.name)}, event_id, sample_index - 1, installation, key_epoch, sample.1, sample.2, sample.3,
    occurred_at, received_at, expires_at
FROM (SELECT *,
    ${facts(project)},
    ${byKind(events, ({ samples }) => sampleList(samples))} AS samples
FROM (${visits(project, slice)}))
ARRAY JOIN samples AS sample, arrayEnumerate(samples) AS sample_index
${SETTINGS}`;
}
