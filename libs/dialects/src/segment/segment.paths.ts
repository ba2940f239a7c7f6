/** What one message of Segment's protocol says. */
export type Call = 'track' | 'identify' | 'page' | 'screen' | 'group' | 'alias';

/** What a path of Segment's HTTP API takes. */
export type SegmentRoute =
  | { readonly kind: 'message'; readonly call: Call }
  | { readonly kind: 'batch' }
  | { readonly kind: 'library_metrics' }
  | { readonly kind: 'settings'; readonly writeKey: string };

const CALLS: readonly Call[] = ['track', 'identify', 'page', 'screen', 'group', 'alias'];
const SETTINGS = /^\/v1\/projects\/([\w-]{1,128})\/settings$/;

/** Long paths, the browser's one-letter paths, and the beacon path of RudderStack. */
const ROUTES: ReadonlyMap<string, SegmentRoute> = new Map<string, SegmentRoute>([
  ...CALLS.flatMap((call): [string, SegmentRoute][] => [
    [`/v1/${call}`, { kind: 'message', call }],
    [`/v1/${call.charAt(0)}`, { kind: 'message', call }],
  ]),
  ['/v1/batch', { kind: 'batch' }],
  ['/v1/b', { kind: 'batch' }],
  ['/v1/import', { kind: 'batch' }],
  ['/beacon/v1/batch', { kind: 'batch' }],
  ['/v1/m', { kind: 'library_metrics' }],
]);

export function isCall(type: unknown): type is Call {
  return CALLS.some((call) => call === type);
}

/** @returns undefined for a path that is not Segment's. */
export function routeOf(path: string): SegmentRoute | undefined {
  const route = ROUTES.get(path);
  if (route !== undefined) return route;
  const writeKey = SETTINGS.exec(path)?.[1];
  return writeKey === undefined ? undefined : { kind: 'settings', writeKey };
}
