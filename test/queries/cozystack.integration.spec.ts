import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SmallProject, type Push } from './rows.fixture.ts';

let cozystack: SmallProject;

const TALOS = 'linux (Talos (v1.10.5))';
const info = (cozystack_version: string): Push['samples'][number] => [
  'cozy_cluster_info',
  { cozystack_version, kubernetes_version: 'v1.33.3' },
  1,
];
const nodes = (os: string, kernel: string, value: number): Push['samples'][number] => [
  'cozy_nodes_count',
  { os, kernel },
  value,
];
const apps = (kind: string, value: number): Push['samples'][number] => [
  'cozy_application_count',
  { kind },
  value,
];

/*
 * A grows from 2 to 3 Talos nodes and shrinks to 1: the maximum in the window is 3. It runs another kernel for a while:
 *   that is a series of its own, 2 more. Upgraded from v1.0.0 to v1.1.0. In December it has 9 nodes.
 * B has two systems that are both "other" to the catalogue, 2 and 3 nodes in one push: 5, not the maximum 3; later 4 in all.
 * nodes: A 3 + 2, B 5 = 10 in 2 clusters, 5 each
 * tenants: A max(1, 4, 2) = 4, B 3 = 7, 3.5 each; Postgres: A max(2, 0) = 2, B 5 = 7; Redis known, never used
 */
const PUSHES: readonly Push[] = [
  { at: '11-02 10:00', installation: 'A', samples: [info('v1.0.0'), nodes(TALOS, 'k1', 2)] },
  {
    at: '11-02 10:15',
    installation: 'A',
    samples: [
      info('v1.0.0'),
      nodes(TALOS, 'k1', 3),
      ['cozy_cluster_capacity', { resource: 'cpu' }, 32],
      ['cozy_cluster_capacity', { resource: 'other' }, 2],
      ['cozy_cluster_capacity', { resource: 'other' }, 4],
      ['cozy_loadbalancers_count', {}, 4],
      ['cozy_pvs_count', { driver: 'nfs', size: '10Gi' }, 6],
      ['cozy_package_info', { name: 'cozystack.core', variant: 'default' }, 1],
    ],
  },
  {
    at: '11-03 10:15',
    installation: 'A',
    samples: [
      info('v1.1.0'),
      nodes(TALOS, 'k1', 1),
      nodes(TALOS, 'k2', 2),
      ['cozy_cluster_capacity', { resource: 'cpu' }, 16],
      ['cozy_loadbalancers_count', {}, 1],
      ['cozy_pvs_count', { driver: 'nfs', size: '10Gi' }, 2],
    ],
  },
  { at: '11-02 10:01', installation: 'A', samples: [apps('Tenant', 1), apps('Postgres', 2)] },
  { at: '11-02 10:16', installation: 'A', samples: [apps('Tenant', 4), apps('Postgres', 0)] },
  { at: '11-03 10:16', installation: 'A', samples: [apps('Tenant', 2), apps('Redis', 0)] },
  { at: '12-01 00:00', installation: 'A', samples: [nodes(TALOS, 'k1', 9), apps('Tenant', 9)] },
  {
    at: '11-02 11:00',
    installation: 'B',
    samples: [
      info('v1.1.0'),
      nodes('other', 'other', 2),
      nodes('other', 'other', 3),
      ['cozy_cluster_capacity', { resource: 'cpu' }, 64],
      ['cozy_loadbalancers_count', {}, 0],
      ['cozy_pvs_count', { size: '10Gi', driver: 'nfs' }, 1],
      ['cozy_package_info', { name: 'cozystack.core', variant: 'default' }, 1],
      ['cozy_package_info', { name: 'other', variant: 'other' }, 1],
    ],
  },
  { at: '11-03 11:00', installation: 'B', samples: [nodes('other', 'other', 4)] },
  { at: '11-03 11:01', installation: 'B', samples: [apps('Tenant', 3), apps('Postgres', 5)] },
];

beforeAll(async () => {
  cozystack = new SmallProject();
  await cozystack.pushes(PUSHES);
});
afterAll(() => cozystack.close());

describe('the figures of Cozystack, by the maximum of each series in the window', () => {
  it('clusters: A in both of its versions', async () => {
    const kubernetes_version = 'v1.33.3';
    expect(await cozystack.ask('cozystack-clusters')).toEqual([
      { cozystack_version: 'v1.1.0', kubernetes_version, clusters: 2 },
      { cozystack_version: 'v1.0.0', kubernetes_version, clusters: 1 },
    ]);
  });

  it('nodes', async () => {
    expect(await cozystack.ask('cozystack-nodes')).toEqual([
      { os: 'other', kernel: 'other', clusters: 1, nodes: 5 },
      { os: TALOS, kernel: 'k1', clusters: 1, nodes: 3 },
      { os: TALOS, kernel: 'k2', clusters: 1, nodes: 2 },
    ]);
  });

  it('capacity', async () => {
    expect(await cozystack.ask('cozystack-capacity')).toEqual([
      { resource: 'cpu', clusters: 2, capacity: 96 },
      { resource: 'other', clusters: 1, capacity: 6 },
    ]);
  });

  it('storage, in whatever order the labels came', async () => {
    expect(await cozystack.ask('cozystack-storage')).toEqual([
      { driver: 'nfs', size: '10Gi', clusters: 2, volumes: 7 },
    ]);
  });

  it('load balancers', async () => {
    expect(await cozystack.ask('cozystack-load-balancers')).toEqual([
      { clusters: 1, load_balancers: 4 },
    ]);
  });

  it('packages', async () => {
    expect(await cozystack.ask('cozystack-packages')).toEqual([
      { package: 'cozystack.core', variant: 'default', clusters: 2 },
      { package: 'other', variant: 'other', clusters: 1 },
    ]);
  });

  it('applications', async () => {
    expect(await cozystack.ask('cozystack-applications')).toEqual([
      { kind: 'Postgres', clusters: 2, applications: 7 },
      { kind: 'Tenant', clusters: 2, applications: 7 },
      { kind: 'Redis', clusters: 0, applications: 0 },
    ]);
  });

  it('the overview', async () => {
    expect(await cozystack.ask('cozystack-overview')).toEqual([
      {
        ...{ clusters: 2, total_nodes: 10, avg_nodes_per_cluster: 5 },
        ...{ total_tenants: 7, avg_tenants_per_cluster: 3.5 },
        apps: { postgres: 7, redis: 0, tenant: 7 },
      },
    ]);
    const nothing = { from: '2025-01-01', to: '2025-01-31' };
    expect(await cozystack.ask('cozystack-overview', nothing)).toEqual([
      {
        ...{ clusters: 0, total_nodes: 0, avg_nodes_per_cluster: 0 },
        ...{ total_tenants: 0, avg_tenants_per_cluster: 0, apps: {} },
      },
    ]);
  });
});

const NAMES = [
  ...['cozystack-applications', 'cozystack-capacity', 'cozystack-clusters', 'cozystack-nodes'],
  ...['cozystack-load-balancers', 'cozystack-overview', 'cozystack-packages', 'cozystack-storage'],
] as const;

function all(project: SmallProject): Promise<unknown[]> {
  return Promise.all(NAMES.map((name) => project.ask(name)));
}

describe('all of them', () => {
  it('are the same when pushes come again in parts, and after merges', async () => {
    const before = await all(cozystack);
    await cozystack.pushAgain(PUSHES);
    expect(await all(cozystack)).toEqual(before);
  });

  it('are what they would be had an erased cluster never been there', async () => {
    const [erased, never] = [new SmallProject(), new SmallProject()];
    await erased.pushes(PUSHES);
    await never.pushes(PUSHES.filter(({ installation }) => installation !== 'B'));
    expect(await all(erased)).not.toEqual(await all(never));
    await erased.erase('B');
    expect(await all(erased)).toEqual(await all(never));
    await Promise.all([erased.close(), never.close()]);
  });
});
