import type { SampleStore } from './access.ts';

/** What every page and dashboard asks. */
export const PUBLIC_VIEWS = [
  'installations',
  'daily_active',
  'weekly_active',
  'monthly_active',
  'versions_daily',
  'features_daily',
  'retention_weekly',
  'ladder',
  'opt_outs_daily',
] as const;

/** How a view answered for one project. */
export interface Measured {
  readonly view: string;
  readonly project: string;
  readonly rows: number;
  /** Median of the times that the server says it took, ms. */
  readonly serverMs: number;
  /** Median with the way there and back. */
  readonly ms: number;
  readonly readRows: number;
}

const RUNS = 5;

/** Asks all of a view for one project, as an analyst does, and keeps the figures of the answer. */
export async function measureView(
  store: SampleStore,
  view: string,
  project: string,
  runs = RUNS,
): Promise<Measured> {
  const answers = [];
  const query = `SELECT * FROM ${store.reader.database}.${view} WHERE project = {project:String}`;
  for (let run = 0; run < runs; run += 1) answers.push(await ask(store, query, { project }));
  const [first] = answers;
  return {
    view,
    project,
    rows: first?.rows ?? 0,
    serverMs: median(answers.map(({ serverMs }) => serverMs)),
    ms: median(answers.map(({ ms }) => ms)),
    readRows: first?.readRows ?? 0,
  };
}

interface Summary {
  readonly result_rows: string;
  readonly read_rows: string;
  readonly elapsed_ns: string;
}

/** Asks as an analyst does, and keeps the figures of the answer. */
export async function ask(
  { url, readerLogin }: SampleStore,
  query: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<Pick<Measured, 'rows' | 'serverMs' | 'ms' | 'readRows'>> {
  const address = new URL(url);
  address.searchParams.set('wait_end_of_query', '1');
  for (const [name, value] of Object.entries(parameters))
    address.searchParams.set(`param_${name}`, String(value));
  const startedAt = performance.now();
  const response = await fetch(address, {
    method: 'POST',
    body: `${query}\nFORMAT Native`,
    headers: {
      'X-ClickHouse-User': readerLogin.user,
      'X-ClickHouse-Key': readerLogin.password,
    },
  });
  const answer = Buffer.from(await response.arrayBuffer());
  const ms = performance.now() - startedAt;
  if (!response.ok)
    throw new Error(`ClickHouse did not answer: ${answer.toString().slice(0, 200)}`);
  const summary = JSON.parse(response.headers.get('x-clickhouse-summary') ?? '{}') as Summary;
  return {
    rows: Number(summary.result_rows),
    ms,
    serverMs: Number(summary.elapsed_ns) / 1e6,
    readRows: Number(summary.read_rows),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 10) / 10;
}
