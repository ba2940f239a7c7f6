import { number, text, trait } from '../expressions.ts';
import type { SampleProject } from './sample-project.ts';

/** Clusters that grow with the years: a report a day more, a hundredth more of everything. */
const grown = (sides: number, salt: number): string =>
  number(`toUInt32((1 + ${trait(sides, salt)}) * (1 + day_number / 400))`);

/** A report every six hours. */
export const SVELTOS: SampleProject = {
  name: 'sveltos',
  percent: 25,
  retentionDays: 395,
  eventsPerDay: 4,
  unevenness: 1,
  isByHand: false,
  tellsTime: false,
  releases: [
    'v0.50.0',
    'v0.51.2',
    'v0.52.1',
    'v0.53.0',
    'v0.54.0',
    'v0.55.1',
    'v0.56.0',
    'v0.57.2',
    'v1.0.0',
    'v1.1.1',
  ],
  devVersion: 'main',
  forkSuffix: '+own1',
  ciProvider: 'kind',
  providers: {
    eks: 24,
    gke: 14,
    aks: 14,
    openshift: 6,
    vsphere: 5,
    k3s: 12,
    k0s: 4,
    rke2: 13,
    unknown: 8,
  },
  systems: {},
  events: [
    {
      event: 'report',
      weight: 1,
      tells: ['app_version', 'kubernetes_version', 'provider'],
      properties: {
        sveltosVersion: text('version'),
        kubernetesVersion: text('kubernetes'),
        managementClusterProvider: text('cloud'),
        managementClusterNodes: number(`1 + ${trait(12, 31)}`),
        sveltosClusters: grown(40, 32),
        readySveltosClusters: grown(38, 32),
        pullSveltosClusters: number(trait(4, 33)),
        capiClusters: number(trait(9, 34)),
        clusterProfiles: grown(30, 35),
        profiles: number(trait(6, 36)),
        clusterSummaries: grown(300, 37),
        eventTriggers: number(trait(8, 38)),
        clusterHealthChecks: number(trait(5, 39)),
        clusterPromotions: number(trait(3, 40)),
      },
    },
  ],
};
