import { afterAll, beforeAll, expect, it } from 'vitest';
import { SmallProject } from './rows.fixture.ts';

let glasskube: SmallProject;

/*
 * m1 (linux, later darwin) installs four times: exit codes 0, 0, 1 and none; 100, 200, 300 ms and no time
 * m2 (linux) installs once: 0, 400 ms; and lists once: 0, 10 ms
 * k1 (kind): cert-manager ready with automatic updates, then not ready; keptn, removed afterwards
 * k2 (eks): cert-manager, ready
 * install: 5 runs, 4 with a code, 3 of them 0, so 0.75; 4 times, quantileExact(0.5) takes the third of 100 200 300 400
 */
beforeAll(async () => {
  glasskube = new SmallProject();
  const linux = { os: 'linux', arch: 'amd64', app_version: '0.26.1' };
  const run = (event: string, installation: string, at: string, properties: object) => ({
    ...{ event, installation, at, properties },
    ...linux,
  });
  const about = (installation: string, at: string, name: string, facts: object) => ({
    ...{ event: 'reconcile_package', installation, at },
    properties: { package_name: name, ...facts },
    provider: installation === 'k1' ? 'kind' : 'eks',
  });
  const ready = { package_ready_status: 'True', package_auto_update: true };
  await glasskube.events([
    run('install', 'm1', '11-02 10:00', { exit_code: 0, execution_time: 100 }),
    run('install', 'm1', '11-02 10:01', { exit_code: 0, execution_time: 200 }),
    run('install', 'm1', '11-02 10:02', { exit_code: 1, execution_time: 300 }),
    { ...run('install', 'm1', '11-02 10:03', {}), os: 'darwin', arch: 'arm64' },
    run('install', 'm2', '11-02 10:04', { exit_code: 0, execution_time: 400 }),
    run('list', 'm2', '11-03 10:00', { exit_code: 0, execution_time: 10 }),
    // no command
    run('bootstrap_attempt', 'm2', '11-03 10:00', {}),
    run('ui_endpoint', 'm2', '11-03 10:01', { execution_time: 5 }),
    about('k1', '11-02 00:00', 'cert-manager', ready),
    about('k1', '11-02 08:00', 'cert-manager', { package_ready_status: 'False' }),
    about('k1', '11-02 00:00', 'keptn', ready),
    { ...about('k1', '11-02 09:00', 'keptn', ready), event: 'delete_package' },
    about('k2', '11-02 00:00', 'cert-manager', ready),
    { event: 'operator_started', installation: 'k2', at: '11-01 00:00', provider: 'other' },
  ]);
});
afterAll(() => glasskube.close());

it('commands', async () => {
  expect(await glasskube.ask('glasskube-commands')).toEqual([
    { command: 'install', runs: 5, installations: 2 },
    { command: 'list', runs: 1, installations: 1 },
  ]);
});

it('success rate', async () => {
  expect(await glasskube.ask('glasskube-success-rate')).toEqual([
    { command: 'install', runs: 4, succeeded: 3, success_rate: 0.75 },
    { command: 'list', runs: 1, succeeded: 1, success_rate: 1 },
  ]);
});

it('durations', async () => {
  expect(await glasskube.ask('glasskube-durations')).toEqual([
    { command: 'install', runs: 4, median_ms: 300, p95_ms: 400 },
    { command: 'list', runs: 1, median_ms: 10, p95_ms: 10 },
  ]);
});

it('packages', async () => {
  expect(await glasskube.ask('glasskube-packages')).toEqual([
    { package: 'cert-manager', clusters: 2, ready: 1, auto_update: 1 },
  ]);
});

it('providers', async () => {
  expect(await glasskube.ask('glasskube-providers')).toEqual([
    { provider: 'eks', clusters: 1 },
    { provider: 'kind', clusters: 1 },
  ]);
});

it('operating systems', async () => {
  expect(await glasskube.ask('glasskube-operating-systems')).toEqual([
    { os: 'darwin', arch: 'arm64', installations: 1 },
    { os: 'linux', arch: 'amd64', installations: 1 },
  ]);
});
