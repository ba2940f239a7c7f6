import { afterAll, beforeAll, expect, it } from 'vitest';
import { SmallProject } from './rows.fixture.ts';

let kamaji: SmallProject;

const planes = (running: number, upgrading: number, not_ready: number, sleeping: number) => ({
  tenant_control_plane: { running, upgrading, not_ready, sleeping },
});
const store = (count: number, used_by_count: number) => ({ count, used_by_count });

/*
 * a: reports 5 running, then (latest) 7 running and 1 upgrading, v1.1.0; etcd 1 (8), postgres 0
 * b: 2 running, 3 sleeping, v1.1.0; etcd 2 (4), postgres 1 (1)
 * c: nothing but 1 not ready, v1.0.0; says nothing of datastores
 * planes: 7 + 2 = 9 running, 1 upgrading, 1 not ready, 3 sleeping
 * v1.1.0: (7 + 1) + (2 + 3) = 13 planes of two installations; v1.0.0: 1 of one
 */
beforeAll(async () => {
  kamaji = new SmallProject();
  const stats = (installation: string, at: string, app_version: string, properties: object) => ({
    event: 'stats',
    ...{ installation, at, app_version, properties, kubernetes_version: 'v1.33.1' },
  });
  const create = (at: string, cluster_api: boolean) => ({
    event: 'create',
    ...{ at, properties: { tcp_version: 'v1.33.0', network_profile: 'ingress', cluster_api } },
  });
  const update = (old_tcp_version: string, new_tcp_version: string) => ({
    event: 'update',
    ...{ at: '11-03 10:00', properties: { old_tcp_version, new_tcp_version } },
  });
  const remove = (status: string) => ({
    event: 'delete',
    ...{ at: '11-04 10:00', properties: { tcp_version: 'v1.32.4', status } },
  });
  const datastores = { etcd: store(1, 8), postgres: store(0, 0) };
  await kamaji.events([
    stats('a', '11-02 10:00', 'v1.0.0', { ...planes(5, 0, 0, 0), datastores }),
    stats('a', '11-02 10:05', 'v1.1.0', { ...planes(7, 1, 0, 0), datastores }),
    stats('b', '11-02 10:01', 'v1.1.0', {
      ...planes(2, 0, 0, 3),
      datastores: { etcd: store(2, 4), postgres: store(1, 1) },
    }),
    stats('c', '11-02 10:02', 'v1.0.0', planes(0, 0, 1, 0)),
    // two equal ones are two creations
    create('11-02 10:00', false),
    create('11-02 10:00', false),
    create('11-02 10:00', true),
    create('11-03 10:00', true),
    update('v1.32.4', 'v1.33.0'),
    update('v1.32.4', 'v1.33.0'),
    update('v1.31.0', 'v1.32.4'),
    update('', 'v1.33.0'),
    update('v1.33.0', 'v1.33.0'),
    remove('Ready'),
    remove('Ready'),
    remove('NotReady'),
  ]);
});
afterAll(() => kamaji.close());

it('control planes by state, by the latest report of each installation', async () => {
  expect(await kamaji.ask('kamaji-control-planes')).toEqual([
    { installations: 3, running: 9, upgrading: 1, not_ready: 1, sleeping: 3 },
  ]);
});

it('control planes by version', async () => {
  const kubernetes_version = 'v1.33.1';
  expect(await kamaji.ask('kamaji-versions')).toEqual([
    { kamaji_version: 'v1.1.0', kubernetes_version, installations: 2, control_planes: 13 },
    { kamaji_version: 'v1.0.0', kubernetes_version, installations: 1, control_planes: 1 },
  ]);
});

it('control planes by datastore', async () => {
  expect(await kamaji.ask('kamaji-datastores')).toEqual([
    { driver: 'etcd', installations: 2, datastores: 3, used_by: 12 },
    { driver: 'mysql', installations: 0, datastores: 0, used_by: 0 },
    { driver: 'nats', installations: 0, datastores: 0, used_by: 0 },
    { driver: 'postgres', installations: 1, datastores: 1, used_by: 1 },
  ]);
});

it('creations', async () => {
  const how = { tcp_version: 'v1.33.0', network_profile: 'ingress' };
  expect(await kamaji.ask('kamaji-creations')).toEqual([
    { day: '2026-11-02', ...how, by_cluster_api: 1, created: 3 },
    { day: '2026-11-03', ...how, by_cluster_api: 1, created: 1 },
  ]);
});

it('upgrades from → to, without first versions and changes of something else', async () => {
  expect(await kamaji.ask('kamaji-upgrades')).toEqual([
    { old_version: 'v1.32.4', new_version: 'v1.33.0', upgrades: 2 },
    { old_version: 'v1.31.0', new_version: 'v1.32.4', upgrades: 1 },
  ]);
});

it('deletions', async () => {
  expect(await kamaji.ask('kamaji-deletions')).toEqual([
    { day: '2026-11-04', tcp_version: 'v1.32.4', status: 'NotReady', deleted: 1 },
    { day: '2026-11-04', tcp_version: 'v1.32.4', status: 'Ready', deleted: 2 },
  ]);
});
