import type { Catalogue } from '@rollcall/catalogue';
import type { ClickHouse } from '@rollcall/clickhouse';
import { RollcallError } from '@rollcall/contracts-transport';
import type { Clock, Log } from '@rollcall/pipeline';
import { publishCount, publishSum } from '@rollcall/publication';
import { errorFields } from '@rollcall/service-kit';
import { KeptAnswers } from '../figures/kept-answers.ts';
import { OVERVIEW_SQL } from './overview.sql.ts';
import { daysOf, labelOf, monthsUpTo, type Month } from './overview-windows.ts';

/** A period as Cozystack's site reads it. */
export interface OverviewPeriod {
  readonly label: string;
  readonly start: string;
  readonly end: string;
  readonly clusters: number;
  readonly total_nodes: number;
  readonly avg_nodes_per_cluster: number;
  readonly total_tenants: number;
  readonly avg_tenants_per_cluster: number;
  readonly apps: Readonly<Record<string, number>>;
}

export interface Overview {
  /** RFC 3339, to the second. */
  readonly generated_at: string;
  readonly periods: Readonly<Record<'month' | 'quarter' | 'year', OverviewPeriod>>;
}

/** What is published of a month. */
interface Snapshot {
  readonly month: Month;
  readonly clusters: number;
  readonly nodes: number;
  readonly apps: ReadonlyMap<string, number>;
}

interface SumRow {
  /** Of the month, `YYYY-MM-DD`. */
  readonly first_day: string;
  readonly name: string;
  readonly kind: string;
  readonly contributors: number;
  readonly cap: number;
  readonly capped_sum: number;
}

export interface OverviewPorts {
  readonly catalogue: Catalogue;
  /** Name of the project whose clusters are counted. */
  readonly project: string;
  readonly clickhouse: Pick<ClickHouse, 'rows'>;
  readonly clock: Clock;
  readonly log: Log;
}

const TENANT = 'tenant';
/** As long as Cozystack's own server keeps the month that is not over. Earlier ones change by erasure alone. */
const FRESH_MS = 300_000;
const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

/**
 * Cozystack's overview: a month, and the mean month of the last three and twelve, of those that have clusters.
 *
 * Guarantee: every number is made of numbers that went through `libs/publication`: clusters by {@link publishCount}, what
 * they said by {@link publishSum}. What is too small to be told is 0, since the shape has no place for anything else.
 */
export class OverviewService {
  readonly #ports: OverviewPorts;
  /** By the latest month of twelve. */
  readonly #kept: KeptAnswers<readonly Snapshot[]>;

  constructor(ports: OverviewPorts) {
    this.#ports = ports;
    this.#kept = new KeptAnswers(FRESH_MS, ports.clock);
  }

  /** @throws CO_STORE_AWAY */
  async overview(month: Month): Promise<Overview> {
    const snapshots = await this.#snapshots(month);
    const period = (count: number): OverviewPeriod => toPeriod(month, snapshots.slice(0, count));
    return {
      generated_at: `${new Date(this.#ports.clock()).toISOString().slice(0, 19)}Z`,
      periods: {
        month: period(MONTHS.month),
        quarter: period(MONTHS.quarter),
        year: period(MONTHS.year),
      },
    };
  }

  /** Asks for the months of the present overview, so that the first visitor waits for none. */
  async warm(): Promise<void> {
    if (!this.#ports.catalogue.projects.has(this.#ports.project)) return;
    const present = new Date(this.#ports.clock()).toISOString().slice(0, 7);
    await this.overview(present).catch(() => undefined);
  }

  async #snapshots(month: Month): Promise<readonly Snapshot[]> {
    try {
      return await this.#kept.get(month, () => this.#make(monthsUpTo(month, MONTHS.year)));
    } catch (cause) {
      this.#ports.log.warn('The overview cannot be made.', { month, ...errorFields(cause) });
      throw new RollcallError('CO_STORE_AWAY', undefined, { cause });
    }
  }

  /** @param months the latest first */
  async #make(months: readonly Month[]): Promise<readonly Snapshot[]> {
    const { project, catalogue } = this.#ports;
    const least = catalogue.projects.get(project)?.minimum_cell;
    if (least === undefined) return months.map((month) => toSnapshot(month, [], 1));
    const days = months.map((month) => daysOf(month).from);
    const rows = await this.#ports.clickhouse.rows<SumRow>(OVERVIEW_SQL, {
      project,
      least,
      from: days.at(-1),
      to: days[0],
    });
    return months.map((month, i) => {
      const ofMonth = rows.filter(({ first_day }) => first_day === days[i]);
      return toSnapshot(month, ofMonth, least);
    });
  }
}

function toSnapshot(month: Month, rows: readonly SumRow[], least: number): Snapshot {
  const told = (row: SumRow): number => publishSum({ ...row, cappedSum: row.capped_sum }, least);
  const clusters = rows.find(({ name }) => name === 'cozy_cluster_info')?.contributors ?? 0;
  const nodes = rows.find(({ name }) => name === 'cozy_nodes_count');
  const apps = rows.filter(({ name }) => name === 'cozy_application_count');
  return {
    month,
    clusters: publishCount(clusters, least) ?? 0,
    nodes: nodes === undefined ? 0 : told(nodes),
    // a kind that too few clusters use is not named either
    apps: new Map(apps.map((row) => [row.kind, told(row)] as const).filter(([, n]) => n > 0)),
  };
}

function toPeriod(month: Month, window: readonly Snapshot[]): OverviewPeriod {
  const filled = window.filter(({ clusters }) => clusters > 0);
  const mean = (of: (snapshot: Snapshot) => number): number =>
    filled.length === 0
      ? 0
      : Math.round(filled.reduce((sum, snapshot) => sum + of(snapshot), 0) / filled.length);
  const appsOf = ({ apps }: Snapshot, kind: string): number => apps.get(kind) ?? 0;
  const kinds = [...new Set(filled.flatMap(({ apps }) => [...apps.keys()]))].toSorted();
  const clusters = mean((snapshot) => snapshot.clusters);
  const nodes = mean((snapshot) => snapshot.nodes);
  const tenants = mean((snapshot) => appsOf(snapshot, TENANT));
  const perCluster = (sum: number): number =>
    clusters === 0 ? 0 : Math.round((sum / clusters) * 10) / 10;
  const oldest = filled.at(-1)?.month ?? month;
  const latest = filled[0]?.month ?? month;
  return {
    label: labelOf(oldest, latest),
    start: daysOf(oldest).from,
    end: daysOf(latest).to,
    clusters,
    total_nodes: nodes,
    avg_nodes_per_cluster: perCluster(nodes),
    total_tenants: tenants,
    avg_tenants_per_cluster: perCluster(tenants),
    apps: Object.fromEntries(
      kinds.map((kind) => [kind, mean((snapshot) => appsOf(snapshot, kind))]),
    ),
  };
}
