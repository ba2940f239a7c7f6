import { bool, byWeight, dice, number, text, texts, trait } from '../expressions.ts';
import type { SampleProject } from './sample-project.ts';

const tenantVersion = (salt: number): string =>
  byWeight(
    (sides) => dice(sides, salt),
    texts({ 'v1.30.6': 1, 'v1.31.4': 2, 'v1.32.4': 4, 'v1.33.1': 3 }),
  );
const common = { kamaji_version: text('version'), kubernetes_version: text('kubernetes') };

/** A status of each cluster, in reality every five minutes; and calls that name nobody. */
export const KAMAJI: SampleProject = {
  name: 'kamaji',
  percent: 30,
  retentionDays: 395,
  eventsPerDay: 5,
  unevenness: 1,
  isByHand: false,
  tellsTime: false,
  releases: [
    'edge-25.2.1',
    'edge-25.4.1',
    'edge-25.6.3',
    'edge-25.8.1',
    'v1.0.0',
    'v1.1.0',
    'v1.2.0',
    'v1.2.1',
  ],
  devVersion: 'dev',
  forkSuffix: '+own1',
  providers: {},
  systems: {},
  events: [
    {
      event: 'stats',
      weight: 94,
      tells: ['app_version', 'kubernetes_version'],
      properties: {
        ...common,
        'tenant_control_plane.running': number(`${trait(30, 31)} + intDiv(day_number, 60)`),
        'tenant_control_plane.upgrading': number(`if(${dice(20, 32)} = 0, 1, 0)`),
        'tenant_control_plane.not_ready': number(`if(${dice(25, 33)} = 0, 1 + ${dice(2, 34)}, 0)`),
        'tenant_control_plane.sleeping': number(`if(${trait(5, 35)} = 0, ${dice(4, 36)}, 0)`),
        'datastores.etcd.count': number(`1 + ${trait(2, 37)}`),
        'datastores.etcd.used_by_count': number(trait(25, 38)),
        'datastores.postgres.count': number(`if(${trait(6, 39)} = 0, 1, 0)`),
        'datastores.postgres.used_by_count': number(`if(${trait(6, 39)} = 0, ${trait(9, 40)}, 0)`),
        'datastores.mysql.count': number(`if(${trait(14, 41)} = 0, 1, 0)`),
        'datastores.mysql.used_by_count': number(`if(${trait(14, 41)} = 0, ${trait(5, 42)}, 0)`),
        'datastores.nats.count': number(`if(${trait(40, 43)} = 0, 1, 0)`),
        'datastores.nats.used_by_count': number(`if(${trait(40, 43)} = 0, 1, 0)`),
      },
    },
    {
      event: 'create',
      weight: 2,
      namesInstallation: false,
      tells: ['app_version', 'kubernetes_version'],
      properties: {
        ...common,
        tcp_version: text(tenantVersion(44)),
        cluster_api: bool(`${dice(3, 45)} > 0`),
        network_profile: text(
          byWeight(
            (sides) => dice(sides, 46),
            texts({ load_balancer: 60, ingress: 8, node_port: 20, cluster_ip: 12 }),
          ),
        ),
      },
    },
    {
      event: 'update',
      weight: 2,
      namesInstallation: false,
      tells: ['app_version', 'kubernetes_version'],
      properties: {
        ...common,
        old_tcp_version: text(tenantVersion(44)),
        new_tcp_version: text(tenantVersion(47)),
      },
    },
    {
      event: 'delete',
      weight: 2,
      namesInstallation: false,
      tells: ['app_version', 'kubernetes_version'],
      properties: {
        ...common,
        tcp_version: text(tenantVersion(44)),
        status: text(
          byWeight(
            (sides) => dice(sides, 48),
            texts({ Ready: 80, NotReady: 9, Provisioning: 6, Sleeping: 3, Unknown: 2 }),
          ),
        ),
      },
    },
  ],
};
