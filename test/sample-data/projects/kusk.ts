import { byWeight, dice, text, texts } from '../expressions.ts';
import type { SampleProject } from './sample-project.ts';

const choose = (salt: number, weights: Readonly<Record<string, number>>): string =>
  text(byWeight((sides) => dice(sides, salt), texts(weights)));

const library = {
  '$context.library.name': text(`'analytics-go'`),
  '$context.library.version': text(`'3.0.0'`),
};
const command = choose(36, {
  api: 30,
  cluster: 25,
  deploy: 14,
  generate: 12,
  mock: 9,
  dashboard: 6,
  version: 3,
  ip: 1,
});

/** A gateway in a cluster that beats once a day, and a command line. */
export const KUSK: SampleProject = {
  name: 'kusk',
  percent: 15,
  retentionDays: 395,
  eventsPerDay: 2,
  unevenness: 1.7,
  isByHand: true,
  tellsTime: true,
  releases: [
    'v1.1.4',
    'v1.2.0',
    'v1.2.3',
    'v1.3.0',
    'v1.3.2',
    'v1.4.0',
    'v1.4.3',
    'v1.5.0',
    'v1.5.2',
  ],
  devVersion: 'latest',
  providers: {},
  systems: {},
  events: [
    {
      event: 'kusk-heartbeat',
      weight: 420,
      tells: ['app_version'],
      properties: {
        ...library,
        message: text(`'kusk-gateway daily heartbeat'`),
        version: text('version'),
      },
    },
    {
      event: 'kusk',
      weight: 190,
      tells: ['app_version'],
      properties: {
        ...library,
        message: choose(34, {
          'kusk-gateway manager bootstrapping': 25,
          'reconciling API': 45,
          'reconciling Static route': 12,
          'reconciling EnvoyFleet': 18,
        }),
        version: text('version'),
      },
    },
    {
      event: 'kusk-api-server',
      weight: 180,
      tells: ['app_version'],
      properties: {
        ...library,
        message: choose(35, {
          GetApis: 40,
          GetApi: 22,
          GetEnvoyFleets: 14,
          GetServices: 9,
          DeployApi: 6,
          UpdateApi: 4,
          CreateStaticRoute: 2,
          CreateFleet: 2,
          DeleteApi: 1,
        }),
        version: text('version'),
      },
    },
    {
      event: 'kusk-cli',
      weight: 190,
      tells: ['app_version'],
      properties: { ...library, command, event: command, version: text('version') },
    },
    { event: '$page', weight: 19, tells: [], properties: library },
    // who opted out is not known, by intent
    { event: '$opt_out', weight: 1, namesInstallation: false, tells: [], properties: {} },
  ],
};
