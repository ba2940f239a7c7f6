import type { WireAnswer } from '../dialect.ts';
import type { PostHogRoute } from './posthog.paths.ts';

/**
 * `hasFeatureFlags: false` is what stops the browser from asking again every five minutes. There is no `surveys`: at
 * `surveys: false` the browser still fetches the script of surveys, which is not here, and says so in the console of
 * every page.
 */
const CONFIG = {
  supportedCompression: ['gzip', 'gzip-js'],
  hasFeatureFlags: false,
  autocapture_opt_out: true,
  capturePerformance: false,
  sessionRecording: false,
  heatmaps: false,
  siteApps: [],
};

const FLAGS = {
  featureFlags: {},
  featureFlagPayloads: {},
  flags: {},
  errorsWhileComputingFlags: false,
};

/**
 * How a server answers that collects events and has no other feature: nothing is switched on, and nothing is an error
 * that a library would try again.
 *
 * @param hasConfig the caller wants the settings with its flags (`?config=true`).
 * @returns undefined for a path that takes events.
 */
export function answerCollectOnly(route: PostHogRoute, hasConfig: boolean): WireAnswer | undefined {
  switch (route.kind) {
    case 'flags':
      return json(200, hasConfig ? { ...CONFIG, ...FLAGS } : FLAGS);
    case 'decide':
      return json(200, { ...CONFIG, ...FLAGS });
    case 'config':
      return json(200, CONFIG);
    case 'config_script':
      return { status: 200, headers: { 'content-type': 'application/javascript' }, body: '' };
    case 'surveys':
      return json(200, { surveys: [] });
    default:
      return undefined;
  }
}

export function json(status: number, body: object): WireAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
