import type { FigureDefinition } from './figure.ts';

/** Names of one chart: more would be told apart by nobody. */
const NAMED = 12;
const DAY = [{ name: 'day', kind: 'day' }] as const;

/** Everything that the console publishes of a project, in the order of its page. */
export const FIGURES: readonly FigureDefinition[] = [
  {
    id: 'ladder',
    title: 'From received to qualified',
    drawing: 'ladder',
    definition:
      'Received: installations with at least one event that is still kept. Plausible: of these, those that told a version ' +
      'by a clock within the allowed skew. Confirmed: of these, those seen on two UTC days or more. Qualified: of these, ' +
      'those that no filter of the catalogue holds for. What the filters for CI, for development builds and for forks took ' +
      'away, one after the other, makes up the difference.',
    sql: `SELECT received, plausible, confirmed, removed_ci, removed_dev, removed_fork, qualified
FROM rollcall.ladder
WHERE project = {project:String}`,
    shape: {
      kind: 'series',
      keys: [],
      counts: [
        'received',
        'plausible',
        'confirmed',
        'removed_ci',
        'removed_dev',
        'removed_fork',
        'qualified',
      ],
      wholes: { confirmed: ['removed_ci', 'removed_dev', 'removed_fork', 'qualified'] },
    },
  },
  {
    id: 'active',
    title: 'Active installations',
    drawing: 'lines',
    definition:
      'Installations that sent at least one event on a UTC day, by their own clock within the allowed skew. The day that is ' +
      'not over is left out.',
    days: 365,
    sql: `SELECT day, installations
FROM rollcall.daily_active
WHERE project = {project:String} AND day BETWEEN {from:Date} AND {to:Date}
ORDER BY day`,
    shape: { kind: 'series', keys: DAY, counts: ['installations'] },
  },
  {
    id: 'versions',
    title: 'Versions in use',
    drawing: 'shares',
    definition:
      'Installations by the version that they reported on a UTC day. An installation that changed its version on a day ' +
      `counts for each. The ${NAMED} versions with the most reports are named, where enough installations use them; "other" is the rest.`,
    days: 90,
    sql: topNamed('versions_daily', 'app_version', 'version'),
    shape: { kind: 'breakdown', within: DAY, label: 'version', count: 'installations' },
  },
  {
    id: 'retention',
    title: 'Installations that stay',
    drawing: 'retention',
    definition:
      'Installations by the week in which they were first seen (its Monday), and how many of them were seen again in each ' +
      'week after it. A week that is not over is left out. A change of keys makes an installation a new one.',
    days: 26 * 7,
    sql: `SELECT cohort, week, installations
FROM rollcall.retention_weekly
WHERE project = {project:String} AND cohort >= {from:Date} AND addDays(cohort, 7 * week + 6) <= {to:Date}
ORDER BY cohort, week`,
    shape: {
      kind: 'series',
      keys: [
        { name: 'cohort', kind: 'day' },
        { name: 'week', kind: 'number' },
      ],
      counts: ['installations'],
    },
  },
  {
    id: 'features',
    title: 'Features in use',
    drawing: 'shares',
    definition:
      'Installations by the event that they sent on a UTC day; one that sent several counts for each. The catalogue says ' +
      `what each event stands for. The ${NAMED} events that most installations sent are named, where enough of them did.`,
    days: 90,
    sql: topNamed('features_daily', 'event', 'feature'),
    shape: { kind: 'breakdown', within: DAY, label: 'feature', count: 'installations' },
  },
  {
    id: 'opt-outs',
    title: 'Opt-outs',
    drawing: 'lines',
    definition:
      'How often it was said on a UTC day that telemetry was turned off. An opt-out names nobody, so one is taken for one ' +
      'installation; clients that do not tell are not in it.',
    days: 365,
    sql: `SELECT day, opt_outs
FROM rollcall.opt_outs_daily
WHERE project = {project:String} AND day BETWEEN {from:Date} AND {to:Date}
ORDER BY day`,
    shape: { kind: 'series', keys: DAY, counts: ['opt_outs'] },
  },
];

/** The names with the most installations over the days, the rest as one: a million names are a dozen rows a day. */
function topNamed(view: string, column: string, label: string): string {
  const where =
    'WHERE v.project = {project:String} AND v.day BETWEEN {from:Date} AND {to:Date} AND v.installations > 0';
  return `WITH top AS
(
    SELECT ${column}
    FROM rollcall.${view} AS v
    ${where}
    GROUP BY ${column}
    ORDER BY sum(v.installations) DESC, ${column}
    LIMIT ${NAMED}
)
SELECT
    day,
    if(${column} IN top, if(${column} = '', 'not told', ${column}), 'other') AS ${label},
    sum(v.installations) AS installations
FROM rollcall.${view} AS v
${where}
GROUP BY day, ${label}
ORDER BY day, installations DESC, ${label}`;
}
