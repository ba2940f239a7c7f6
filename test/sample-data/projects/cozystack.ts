import { byWeight, quote, texts, trait, type Expression } from '../expressions.ts';
import type { SampleMetric, SampleProject } from './sample-project.ts';

const gauge = (
  name: string,
  value: Expression,
  labels: Readonly<Record<string, Expression>> = {},
): SampleMetric => ({ name, labels, value });

const system = byWeight(
  (sides) => trait(sides, 32),
  [...texts({ 'linux (Talos (v1.10.5))': 70, 'linux (Ubuntu 24.04.2 LTS)': 18, other: 12 })],
);
const kernel = byWeight(
  (sides) => trait(sides, 32),
  [...texts({ '6.12.35-talos': 70, '6.8.0-63-generic': 18, other: 12 })],
);
const variant = byWeight(
  (sides) => trait(sides, 33),
  texts({ 'isp-full': 5, 'isp-hosted': 3, 'distro-full': 2 }),
);

const applications = [
  'Tenant',
  'Kubernetes',
  'Postgres',
  'VMInstance',
  'Kafka',
  'Monitoring',
  'Redis',
  'Bucket',
].map((kind, index) =>
  gauge('cozy_application_count', `if(${trait(3, 50 + index)} = 0, 0, ${trait(14, 60 + index)})`, {
    kind: quote(kind),
  }),
);

/** What the operator pushes, as far as the sample goes. */
const platform = [
  gauge('cozy_cluster_info', '1', {
    cozystack_version: 'version',
    kubernetes_version: 'kubernetes',
  }),
  gauge('cozy_nodes_count', `3 + ${trait(9, 34)}`, { os: system, kernel }),
  gauge('cozy_cluster_capacity', `exp2(4 + ${trait(6, 35)})`, { resource: quote('cpu') }),
  gauge('cozy_cluster_capacity', `exp2(35 + ${trait(6, 36)})`, { resource: quote('memory') }),
  gauge('cozy_loadbalancers_count', trait(12, 37)),
  gauge('cozy_pvs_count', `1 + ${trait(40, 38)}`, {
    driver: quote('linstor.csi.linbit.com'),
    size: quote('10Gi'),
  }),
  gauge('cozy_package_info', '1', { name: quote('cozystack.cozystack-platform'), variant }),
  gauge('cozy_package_info', '1', {
    name: quote('cozystack.linstor'),
    variant: quote('default'),
  }),
];

/** Pushes of metrics by two senders of each cluster, in reality every 15 minutes. */
export const COZYSTACK: SampleProject = {
  name: 'cozystack',
  percent: 5,
  retentionDays: 400,
  eventsPerDay: 4,
  unevenness: 1,
  isByHand: false,
  tellsTime: false,
  releases: [
    'v0.31.0',
    'v0.32.1',
    'v0.33.2',
    'v0.34.0',
    'v0.35.2',
    'v0.36.1',
    'v0.37.0',
    'v0.38.2',
    'v0.39.1',
    'v1.0.0',
  ],
  devVersion: 'dev',
  forkSuffix: '+own1',
  providers: {},
  systems: {},
  events: [
    {
      event: 'metrics',
      weight: 1,
      tells: ['app_version', 'kubernetes_version'],
      properties: {},
      samples: platform,
    },
    { event: 'metrics', weight: 1, tells: [], properties: {}, samples: applications },
  ],
};
