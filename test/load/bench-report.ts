/** One line of the table. Rows without a rate are shares of the row above. */
export interface BenchRow {
  readonly name: string;
  readonly eventsPerSecond?: number;
  readonly cpuMicrosecondsPerEvent: number;
  readonly residentMiB: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
}

export interface Floor {
  readonly name: string;
  readonly measured: number;
  readonly floor: number;
  readonly isMet: boolean;
}

const rateOf = (rows: readonly BenchRow[], start: string): number =>
  rows.find(({ name }) => name.startsWith(start))?.eventsPerSecond ?? 0;

/** What may not be missed: a rate of the pipeline, and the gateway's share of what bare Nest does in the same run. */
export function checkFloors(rows: readonly BenchRow[]): readonly Floor[] {
  const pipeline = rateOf(rows, 'Rollcall pipeline');
  const share =
    rateOf(rows, 'Rollcall gateway, durable, single') /
    rateOf(rows, 'bare Nest on Fastify, single');
  const floors = [
    { name: 'pipeline, events/s', measured: Math.round(pipeline), floor: 20_000 },
    {
      name: 'gateway, single durable POST, share of bare Nest',
      measured: Number(share.toFixed(3)),
      floor: 0.4,
    },
  ].map((floor) => ({ ...floor, isMet: floor.measured >= floor.floor }));
  for (const { name, measured, floor, isMet } of floors)
    process.stdout.write(`${isMet ? 'met   ' : 'MISSED'} ${name}: ${measured} (floor ${floor})\n`);
  return floors;
}

export function printTable(rows: readonly BenchRow[]): void {
  const table = rows.map((row) => ({
    part: row.name,
    'events/s': row.eventsPerSecond === undefined ? '' : Math.round(row.eventsPerSecond),
    'CPU µs/event': Number(row.cpuMicrosecondsPerEvent.toFixed(2)),
    'resident MiB': Math.round(row.residentMiB),
    'p50 ms': row.p50Ms === undefined ? '' : Number(row.p50Ms.toFixed(2)),
    'p99 ms': row.p99Ms === undefined ? '' : Number(row.p99Ms.toFixed(2)),
  }));
  console.table(table);
}
