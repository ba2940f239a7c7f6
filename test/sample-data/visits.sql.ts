import { byWeight, dice, quote, texts, trait, type Expression } from './expressions.ts';
import type { SampleProject } from './projects/sample-project.ts';

/** Which rows of a project a statement makes: a part of the same rows, whatever parts they are made in. */
export interface Slice {
  readonly seed: number;
  /** End of the year that is told of, epoch ms. */
  readonly endMs: number;
  /** How many events the project has in all. */
  readonly total: number;
  /** Numbers of the events: from, and below `to`. */
  readonly from: number;
  readonly to: number;
}

const DAYS = 365;
const DAY_MS = 86_400_000;

/** Below 1: there is more of everything towards the end. */
const GROWTH = 0.8;

/** How long one installation follows another, in days, and what share of them stay so long. */
const STAYS: readonly (readonly [days: string, weight: number])[] = [
  ['1', 2],
  ['4', 3],
  ['10', 6],
  ['30', 14],
  ['90', 25],
  ['200', 25],
  ['1000', 25],
];

const KUBERNETES = ['v1.30.6', 'v1.31.4', 'v1.32.4', 'v1.33.1', 'v1.34.1'];

/** The release that an installation runs on a day: it takes each one some weeks late, as its lag says. */
function adopted(
  releases: readonly string[],
  lagDays: string,
  sinceDay = 'day_number',
): Expression {
  const between = DAYS / releases.length;
  const step = `toInt32(floor((${sinceDay} + ${between} - ${lagDays}) / ${between}))`;
  const position = `1 + greatest(0, least(${releases.length - 1}, ${step}))`;
  return `[${releases.map(quote).join(', ')}][${position}]`;
}

/** Most upgrade within weeks; a few hardly ever do. */
const lag = (salt: number): Expression => `round(-18 * log((1 + ${trait(10_000, salt)}) / 10001.))`;

function versionOf({ releases, devVersion, forkSuffix }: SampleProject): Expression {
  const release = adopted(releases, lag(11));
  const forked = forkSuffix === undefined ? release : `concat(${release}, ${quote(forkSuffix)})`;
  return `multiIf(is_dev_build, ${quote(devVersion)}, is_fork_build, ${forked}, ${release})`;
}

const anyOf = (weights: Readonly<Record<string, number>>, salt: number): Expression =>
  Object.keys(weights).length === 0
    ? `''`
    : byWeight((sides) => trait(sides, salt), texts(weights));

/**
 * One row per event: when, by whom, on what.
 *
 * The year has places, more of them as time goes by. Each is taken by one installation after another; how long one stays
 * is the place's own. So every event finds its installation without anything being remembered between rows.
 */
export function visits(project: SampleProject, { seed, endMs, total, from, to }: Slice): string {
  const { name, eventsPerDay, unevenness, ciProvider } = project;
  const places = Math.max(5, Math.round(total / (DAYS * 0.65 * eventsPerDay)));
  const stay = byWeight((sides) => `place_hash % ${sides}`, STAYS);
  const rest = project.isByHand
    ? `if(toDayOfWeek(fromUnixTimestamp64Milli(${startOf(endMs)} + toInt64(age * ${DAY_MS}))) > 5 AND ${dice(10, 1)} < 7, 2, 0)`
    : '0';
  return `SELECT
    number,
    cityHash64(${seed}, ${quote(name)}, number) AS event_hash,
    (number + 0.5) / ${total} AS position,
    ${DAYS} * pow(position, ${GROWTH}) AS age,
    greatest(age - ${rest}, age / 2) AS rested,
    ${startOf(endMs)} + toInt64(rested * ${DAY_MS}) AS at_ms,
    toUInt32(rested) AS day_number,
    toUInt32(${places} * (0.35 + 0.65 * position)) + 1 AS open_places,
    toUInt32(open_places * pow(${dice(1_000_000, 2)} / 1000000., ${unevenness})) AS place,
    cityHash64(${seed}, ${quote(name)}, 'place', place) AS place_hash,
    ${stay} AS stay,
    intDiv(day_number + intDiv(place_hash, 1000) % stay, stay) AS tenant,
    cityHash64(place_hash, tenant) AS installation_hash,
    ${trait(1000, 10)} AS kind_of_installation,
    kind_of_installation < 40 AS is_dev_build,
    ${project.forkSuffix === undefined ? '0' : 'kind_of_installation BETWEEN 40 AND 59'} AS is_fork_build,
    ${ciProvider === undefined ? '0' : 'kind_of_installation BETWEEN 60 AND 139'} AS is_ci_cluster,
    kind_of_installation >= 985 AS has_wrong_clock,
    ${versionOf(project)} AS version,
    ${adopted(project.releases, lag(11), 'intDiv(day_number, 2)')} AS first_version,
    ${adopted(KUBERNETES, `${trait(90, 12)} + 40`)} AS kubernetes,
    ${anyOf(project.systems, 13)} AS system,
    ${anyOf({ amd64: 4, arm64: 1 }, 14)} AS processor,
    ${ciProvider === undefined ? anyOf(project.providers, 15) : `if(is_ci_cluster, ${quote(ciProvider)}, ${anyOf(project.providers, 15)})`} AS cloud,
    toUInt8(${byWeight(
      (sides) => dice(sides, 3),
      project.events.map(({ weight }, index) => [String(index), weight] as const),
    )}) AS kind
FROM (SELECT arrayJoin(range(${from}, ${to})) AS number)`;
}

const startOf = (endMs: number): number => endMs - DAYS * DAY_MS;
