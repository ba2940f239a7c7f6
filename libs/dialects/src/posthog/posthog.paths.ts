/** What a path of PostHog's API is for. */
export type PostHogRoute =
  /** Events; `event` is the name of those that carry none. */
  | { readonly kind: 'capture'; readonly event?: string }
  /** Capture V1: Bearer key, and an answer per event. */
  | { readonly kind: 'capture_v1' }
  /** Session recordings. */
  | { readonly kind: 'replay' }
  | { readonly kind: 'flags' }
  | { readonly kind: 'decide' }
  | { readonly kind: 'config' }
  | { readonly kind: 'config_script' }
  | { readonly kind: 'surveys' };

const ROUTES: ReadonlyMap<string, PostHogRoute> = new Map<string, PostHogRoute>([
  ['/batch', { kind: 'capture' }],
  ['/capture', { kind: 'capture' }],
  ['/e', { kind: 'capture' }],
  ['/i/v0/e', { kind: 'capture' }],
  ['/track', { kind: 'capture' }],
  ['/engage', { kind: 'capture', event: '$identify' }],
  ['/i/v1/analytics/events', { kind: 'capture_v1' }],
  ['/s', { kind: 'replay' }],
  ['/flags', { kind: 'flags' }],
  ['/decide', { kind: 'decide' }],
  ['/api/surveys', { kind: 'surveys' }],
]);

const CONFIG = /^\/array\/[\w-]{1,128}\/config(\.js)?$/;

const METHODS: Record<PostHogRoute['kind'], readonly string[]> = {
  capture: ['GET', 'POST'],
  capture_v1: ['POST'],
  replay: ['GET', 'POST'],
  flags: ['GET', 'POST'],
  decide: ['GET', 'POST'],
  config: ['GET'],
  config_script: ['GET'],
  surveys: ['GET'],
};

/** @returns undefined for a path that is not PostHog's, or that a server without features has no answer to. */
export function routeOf(path: string): PostHogRoute | undefined {
  const route = ROUTES.get(path);
  if (route !== undefined) return route;
  const config = CONFIG.exec(path);
  if (config === null) return undefined;
  return config[1] === undefined ? { kind: 'config' } : { kind: 'config_script' };
}

/** @see routeOf */
export function methodsOf(path: string): readonly string[] | undefined {
  const route = routeOf(path);
  return route === undefined ? undefined : METHODS[route.kind];
}
