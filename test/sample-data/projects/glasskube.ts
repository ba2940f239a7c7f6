import {
  bool,
  byWeight,
  dice,
  list,
  number,
  text,
  texts,
  trait,
  type Field,
} from '../expressions.ts';
import type { SampleEvent, SampleProject } from './sample-project.ts';

const choose = (salt: number, weights: Readonly<Record<string, number>>): Field =>
  text(byWeight((sides) => dice(sides, salt), texts(weights)));

const client = {
  $lib: text(`'posthog-go'`),
  $lib_version: text(`'1.5.2'`),
  version: text('version'),
  '$set.version': text('version'),
  '$set_once.type': text(`'client'`),
  '$set_once.initial_version': text('first_version'),
  '$set_once.os': text('system'),
  '$set_once.architecture': text('processor'),
};
const cluster = {
  cluster_k8s_version: text('kubernetes'),
  cluster_provider: text('cloud'),
  cluster_nnodes: number(`1 + ${trait(9, 31)}`),
  cluster_gitops_mode: bool(`${trait(6, 32)} = 0`),
};
const operator = {
  $lib: text(`'posthog-go'`),
  $lib_version: text(`'1.5.2'`),
  '$set.version': text('version'),
  '$set.k8s_version': text('kubernetes'),
  '$set.provider': text('cloud'),
  '$set.nnodes': number(`1 + ${trait(9, 31)}`),
  '$set.nrepositories': number(`1 + ${trait(2, 33)}`),
  '$set_once.type': text(`'operator'`),
};
const TELLS = ['app_version', 'kubernetes_version', 'os', 'arch', 'provider'] as const;
const CLUSTER_TELLS = ['app_version', 'kubernetes_version', 'provider'] as const;

/** A command that somebody ran; some fail. */
function run(event: string, weight: number, failsPercent: number): SampleEvent {
  return {
    event,
    weight,
    tells: TELLS,
    properties: {
      ...client,
      ...cluster,
      flags: list(
        byWeight(
          (sides) => dice(sides, 34),
          texts({ '--yes': 6, '--namespace': 3, '--latest': 2, '--output': 1 }),
        ),
      ),
      execution_time: number(`40 + ${dice(9000, 35)}`),
      exit_code: number(`if(${dice(100, 36)} < ${failsPercent}, 1, 0)`),
    },
  };
}

function bootstrap(outcome: string, weight: number): SampleEvent {
  const properties = {
    ...client,
    ...cluster,
    original_command: choose(37, { bootstrap: 4, install: 1 }),
  };
  return { event: `bootstrap_${outcome}`, weight, tells: TELLS, properties };
}

const packageName = choose(38, {
  'cert-manager': 24,
  'ingress-nginx': 18,
  'kube-prometheus-stack': 15,
  'argo-cd': 14,
  'cloudnative-pg': 10,
  'kubernetes-dashboard': 7,
  headlamp: 5,
  'sealed-secrets': 4,
  quickwit: 3,
});

/** A package manager: a command line on computers and an operator in clusters. */
export const GLASSKUBE: SampleProject = {
  name: 'glasskube',
  percent: 25,
  retentionDays: 395,
  eventsPerDay: 3,
  unevenness: 1.4,
  isByHand: true,
  tellsTime: true,
  releases: [
    '0.17.0',
    '0.18.0',
    '0.19.0',
    '0.20.1',
    '0.21.0',
    '0.22.1',
    '0.23.0',
    '0.24.0',
    '0.25.0',
    '0.26.1',
  ],
  devVersion: 'dev',
  ciProvider: 'minikube',
  providers: {
    k3s: 20,
    eks: 17,
    gke: 12,
    aks: 11,
    talos: 9,
    rke2: 9,
    hetzner: 6,
    openshift: 4,
    'docker-desktop': 7,
    unknown: 5,
  },
  systems: { linux: 58, darwin: 31, windows: 11 },
  events: [
    run('install', 60, 9),
    run('list', 70, 1),
    run('describe', 40, 2),
    run('update', 35, 6),
    run('uninstall', 18, 5),
    run('configure', 12, 7),
    run('serve', 24, 2),
    run('open', 16, 4),
    run('version', 20, 0),
    bootstrap('attempt', 12),
    bootstrap('success', 10),
    bootstrap('failure', 2),
    {
      event: 'ui_endpoint',
      weight: 160,
      tells: ['app_version', 'os', 'arch'],
      properties: {
        ...client,
        execution_time: number(`2 + ${dice(400, 35)}`),
        method: choose(39, { GET: 8, POST: 2 }),
        path: choose(40, {
          '/packages': 5,
          '/clusterpackages': 6,
          '/settings': 2,
          '/clusterpackages/cert-manager': 2,
        }),
        user_agent: choose(41, {
          'Chrome on Linux': 4,
          'Firefox on Linux': 3,
          'Safari on macOS': 2,
          'Edge on Windows': 1,
        }),
      },
    },
    { event: 'operator_started', weight: 30, tells: CLUSTER_TELLS, properties: operator },
    {
      event: 'reconcile_package',
      weight: 430,
      tells: CLUSTER_TELLS,
      properties: {
        ...operator,
        package_kind: text(`'ClusterPackage'`),
        package_name: packageName,
        package_auto_update: bool(`${trait(3, 42)} = 0`),
        package_ready_status: choose(43, { True: 94, False: 5, Unknown: 1 }),
        package_ready_reason: choose(43, {
          InstallationSucceeded: 94,
          InstallationFailed: 5,
          Pending: 1,
        }),
      },
    },
    {
      event: 'status_conditions_changed',
      weight: 45,
      tells: CLUSTER_TELLS,
      properties: {
        ...operator,
        obj_kind: text(`'ClusterPackage'`),
        obj_status_type: choose(44, { Ready: 88, Failed: 12 }),
        obj_status_reason: choose(44, { InstallationSucceeded: 88, InstallationFailed: 12 }),
      },
    },
    {
      event: 'delete_package',
      weight: 12,
      tells: CLUSTER_TELLS,
      properties: { ...operator, package_name: packageName },
    },
    { event: '$opt_out', weight: 1, namesInstallation: false, tells: [], properties: {} },
  ],
};
