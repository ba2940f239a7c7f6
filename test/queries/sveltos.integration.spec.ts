import { afterAll, beforeAll, expect, it } from 'vitest';
import { SmallProject } from './rows.fixture.ts';

let sveltos: SmallProject;

/*
 * a: 12 clusters (11 ready, 3 pull, 4 of Cluster API), 9 ClusterProfiles, 2 Profiles; an older report said 10 clusters
 * b: 3 clusters, all ready, 1 ClusterProfile, no Profile, on EKS; its older release counts no promotions
 */
beforeAll(async () => {
  sveltos = new SmallProject();
  const report = (installation: string, at: string, facts: object, properties: object) => ({
    event: 'report',
    ...{ installation, at, properties },
    ...facts,
  });
  const v1 = { app_version: 'v1.1.1', kubernetes_version: 'v1.33.1', provider: 'k3s' };
  const a = { readySveltosClusters: 11, pullSveltosClusters: 3, capiClusters: 4 };
  await sveltos.events([
    report('a', '11-02 00:00', v1, { ...a, sveltosClusters: 10, clusterProfiles: 20 }),
    report('a', '11-02 06:00', v1, {
      ...a,
      ...{ sveltosClusters: 12, managementClusterNodes: 5, clusterProfiles: 9, profiles: 2 },
      ...{ clusterSummaries: 57, eventTriggers: 5, clusterHealthChecks: 1, clusterPromotions: 6 },
    }),
    report(
      'b',
      '11-02 01:00',
      { app_version: 'v0.50.0', provider: 'eks' },
      {
        ...{ sveltosClusters: 3, readySveltosClusters: 3, managementClusterNodes: 2 },
        ...{ clusterProfiles: 1, profiles: 0, clusterSummaries: 3 },
      },
    ),
  ]);
});
afterAll(() => sveltos.close());

it('managed clusters', async () => {
  expect(await sveltos.ask('sveltos-clusters')).toEqual([
    {
      deployments: 2,
      ...{ clusters: 15, ready: 14, pull_mode: 3, cluster_api: 4, management_nodes: 7 },
    },
  ]);
});

it('profiles and the other features', async () => {
  expect(await sveltos.ask('sveltos-profiles')).toEqual([
    { feature: 'clusterHealthChecks', deployments: 1, resources: 1 },
    { feature: 'clusterProfiles', deployments: 2, resources: 10 },
    { feature: 'clusterPromotions', deployments: 1, resources: 6 },
    { feature: 'clusterSummaries', deployments: 2, resources: 60 },
    { feature: 'eventTriggers', deployments: 1, resources: 5 },
    { feature: 'profiles', deployments: 1, resources: 2 },
  ]);
});

it('versions', async () => {
  expect(await sveltos.ask('sveltos-versions')).toEqual([
    { sveltos_version: 'v0.50.0', kubernetes_version: '', provider: 'eks', deployments: 1 },
    { sveltos_version: 'v1.1.1', kubernetes_version: 'v1.33.1', provider: 'k3s', deployments: 1 },
  ]);
});
