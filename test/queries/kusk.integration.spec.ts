import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SmallProject } from './rows.fixture.ts';

let kusk: SmallProject;

/*
 * Three people (p1 to p3) and two clusters (c1, c2), every row stored twice:
 *
 *            11-02                       11-03                  11-04
 *   p1       deploy, then mock           deploy                 -
 *   p2       -                           cluster                -
 *   p3       (in October only)
 *   c1       starts, API x2, beats       beats, starts again    -
 *   c2       -                           starts                 beats, route, fleet, fleet (old spelling)
 *   c1's UI  starts, GetApis, DeployApi  $page                  -
 *   c2's UI  -                           starts                 CreateFleet, CreateStaticRoute
 *   opt-out  -                           two                    one
 */
beforeAll(async () => {
  kusk = new SmallProject();
  const cli = (installation: string, at: string, event: string) => ({
    event: 'kusk-cli',
    ...{ installation, at, properties: { event, command: event, version: 'v1.5.2' } },
  });
  const said = (event: string) => (installation: string, at: string, message: string) => ({
    ...{ event, installation, at, properties: { message, version: 'v1.5.2' } },
  });
  const manager = said('kusk');
  const beat = (installation: string, at: string) =>
    said('kusk-heartbeat')(installation, at, 'kusk-gateway daily heartbeat');
  const api = said('kusk-api-server');
  const START = 'kusk-gateway manager bootstrapping';
  const API_START = 'kusk-gateway api-server bootstrapping';
  await kusk.events([
    cli('p1', '11-02 09:00', 'deploy'),
    cli('p1', '11-02 23:59', 'mock'),
    cli('p1', '11-03 00:00', 'deploy'),
    cli('p2', '11-03 10:00', 'cluster'),
    cli('p3', '10-31 23:59', 'help'),
    manager('c1', '11-02 08:00', START),
    manager('c1', '11-02 08:01', 'reconciling API'),
    manager('c1', '11-02 08:02', 'reconciling API'),
    beat('c1', '11-02 12:00'),
    beat('c1', '11-03 12:00'),
    manager('c1', '11-03 13:00', START),
    manager('c2', '11-03 14:00', START),
    beat('c2', '11-04 14:00'),
    manager('c2', '11-04 14:01', 'reconciling Static route'),
    manager('c2', '11-04 14:02', 'reconciling EnvoyFleet'),
    manager('c2', '11-04 14:03', 'reconciling Envoy Fleet'),
    manager('c2', '11-04 14:04', 'other'),
    api('c1', '11-02 08:00', API_START),
    api('c1', '11-02 09:00', 'GetApis'),
    api('c1', '11-02 09:01', 'DeployApi'),
    { event: '$page', installation: 'c1', at: '11-03 09:00' },
    api('c2', '11-03 14:00', API_START),
    api('c2', '11-04 15:00', 'CreateFleet'),
    api('c2', '11-04 15:01', 'CreateStaticRoute'),
    { event: '$opt_out', at: '11-03 01:00' },
    { event: '$opt_out', at: '11-03 02:00' },
    { event: '$opt_out', at: '11-04 01:00' },
  ]);
});
afterAll(() => kusk.close());

describe('the seven metrics of Kusk', () => {
  it('count the installations of the command line: p1 and p2', async () => {
    expect(await kusk.ask('kusk-cli-installations')).toEqual([{ cli_installations: 2 }]);
    const withOctober = { from: '2026-10-01' };
    expect(await kusk.ask('kusk-cli-installations', withOctober)).toEqual([
      { cli_installations: 3 },
    ]);
  });

  it('count them once a day', async () => {
    expect(await kusk.ask('kusk-cli-daily')).toEqual([
      { day: '2026-11-02', cli_installations: 1 },
      { day: '2026-11-03', cli_installations: 2 },
    ]);
  });

  it('count a cluster once, however often its gateway starts', async () => {
    expect(await kusk.ask('kusk-cluster-installations')).toEqual([{ cluster_installations: 2 }]);
  });

  it('count active clusters: c1, both, c2', async () => {
    expect(await kusk.ask('kusk-active-clusters')).toEqual([
      { day: '2026-11-02', active_clusters: 1 },
      { day: '2026-11-03', active_clusters: 2 },
      { day: '2026-11-04', active_clusters: 1 },
    ]);
  });

  it('count opt-outs', async () => {
    expect(await kusk.ask('kusk-opt-outs')).toEqual([
      { day: '2026-11-03', opt_outs: 2 },
      { day: '2026-11-04', opt_outs: 1 },
    ]);
  });

  it('count sessions: c2’s API server only started on the 3rd, which is no session', async () => {
    expect(await kusk.ask('kusk-ui-sessions')).toEqual([
      { day: '2026-11-02', sessions: 1 },
      { day: '2026-11-03', sessions: 1 },
      { day: '2026-11-04', sessions: 1 },
    ]);
  });

  it('count creations by the interface, and reconciliations beside them', async () => {
    expect(await kusk.ask('kusk-creations')).toEqual([
      { kind: 'API', created: 1, reconciled: 2 },
      { kind: 'EnvoyFleet', created: 1, reconciled: 2 },
      { kind: 'StaticRoute', created: 1, reconciled: 1 },
    ]);
  });
});
