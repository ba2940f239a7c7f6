import { readCapture, type CapturedRequest } from '../replay/capture.ts';

/** A request that is taken as it is, and into which identifiers are put. */
export interface BaseRequest {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Headers that say how a body is sent, not what it is: another body has its own. */
const ABOUT_THE_BODY = ['content-length', 'accept-encoding', 'host'];

function fromCapture(name: string, prefix: string): BaseRequest[] {
  return readCapture(name).map((request, index) => ({
    title: `${name} #${index}`,
    method: request.method,
    path: prefix + request.path,
    headers: headersOf(request),
    body: Buffer.from(request.bodyBase64, 'base64').toString(),
  }));
}

function headersOf({ headers }: CapturedRequest): Record<string, string> {
  const kept = headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(kept.filter(([name]) => !ABOUT_THE_BODY.includes(name)));
}

/** One request per event: what is put into one event is then not sent with all the others, over and over. */
function oneByOne(request: BaseRequest): BaseRequest[] {
  const { batch = [], ...envelope } = JSON.parse(request.body) as { batch?: unknown[] };
  if (batch.length < 2) return [request];
  return batch.map((event, index) => ({
    ...request,
    title: `${request.title}, event ${index}`,
    body: JSON.stringify({ ...envelope, batch: [event] }),
  }));
}

const NATIVE: BaseRequest = {
  title: 'native',
  method: 'POST',
  path: '/p/kamaji/events',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify([
    {
      event: 'stats',
      event_id: 'e-1',
      installation_id: 'i-1',
      occurred_at: '2026-11-21T01:01:13Z',
      properties: {
        kamaji_version: 'v1.0.0',
        kubernetes_version: 'v1.33.1',
        tenant_control_plane: { running: 7 },
        unknown: { deep: ['text'] },
      },
    },
  ]),
};

/** As a browser sends them: more about the visitor than anybody asked for. */
const BROWSER_PROPERTIES = {
  distinct_id: 'd-1',
  $device_id: 'd-2',
  $session_id: 's-1',
  $current_url: 'https://glasskube.dev/docs/getting-started?token=t#top',
  $pathname: '/docs/getting-started',
  $host: 'glasskube.dev',
  $referrer: 'https://search.example/?q=words',
  $raw_user_agent:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36',
  $title: 'Docs',
  $groups: { company: 'acme' },
  $ip: '192.0.2.1',
  $lib: 'web',
  $lib_version: '1.434.18',
  $timezone: 'Europe/Prague',
  $set: { email: 'a', github_url: 'b', version: '0.26.1' },
  $set_once: { $initial_current_url: 'c' },
};

const POSTHOG_JS: BaseRequest = {
  title: 'posthog-js',
  method: 'POST',
  path: '/e/',
  headers: { 'content-type': 'text/plain' },
  body: JSON.stringify({
    api_key: 'phc_test',
    sent_at: '2026-11-21T01:01:13Z',
    batch: [{ uuid: 'u-1', event: '$pageview', properties: BROWSER_PROPERTIES, offset: 3 }],
  }),
};

const CAPTURE_V1: BaseRequest = {
  title: 'PostHog capture V1',
  method: 'POST',
  path: '/i/v1/analytics/events',
  headers: {
    'content-type': 'application/json',
    authorization: 'Bearer phc_test',
    'posthog-sdk-info': 'posthog-node/5.70.0',
    'posthog-request-timestamp': '2026-11-21T01:01:13Z',
  },
  body: JSON.stringify({
    created_at: '2026-11-21T01:01:13Z',
    batch: [
      {
        event: '$identify',
        uuid: 'u-2',
        distinct_id: 'd-3',
        timestamp: '2026-11-21T01:01:13Z',
        session_id: 's-2',
        options: {},
        properties: { $anon_distinct_id: 'd-4', $user_id: 'd-5' },
      },
    ],
  }),
};

const SEGMENT_BROWSER: BaseRequest = {
  title: 'analytics-next',
  method: 'POST',
  path: '/v1/p',
  headers: { 'content-type': 'text/plain' },
  body: JSON.stringify({
    writeKey: 'test-write-key',
    type: 'page',
    messageId: 'ajs-next-1',
    anonymousId: 'a-1',
    userId: 'u-1',
    timestamp: '2026-11-21T01:01:13Z',
    sentAt: '2026-11-21T01:01:14Z',
    name: 'Docs',
    category: 'Help',
    properties: {
      url: 'https://a.example/b?c=d',
      path: '/b',
      title: 'B',
      search: '?c=d',
      referrer: 'e',
    },
    context: {
      library: { name: 'analytics.js', version: 'npm:next-1.84.3' },
      page: { url: 'https://a.example/b', path: '/b', search: '', title: 'B', referrer: '' },
      userAgent: 'Mozilla/5.0',
      locale: 'en-US',
      timezone: 'Europe/Prague',
      campaign: { name: 'c' },
      ip: '192.0.2.1',
      traits: { email: 'a' },
    },
    _metadata: { bundled: ['Segment.io'] },
  }),
};

const OLD_COZYSTACK: BaseRequest = {
  title: 'cozystack before v1.0',
  method: 'POST',
  path: '/p/cozystack/',
  headers: { 'content-type': 'text/plain', 'x-cluster-id': 'cluster-1' },
  body: [
    'cozy_cluster_info{cozystack_version="v0.39.5",kubernetes_version="v1.33.3",oidc_enabled="true",bundle_name="paas-full",bunde_enable="a",bunde_disable="b"} 1',
    'cozy_workloads_count{uid="w-1",kind="postgres",type="postgres",version="1.2.3"} 2',
    'cozy_tenants_count 3',
    '',
  ].join('\n'),
};

/** Of every dialect with JSON what its clients send, with text in every place that text can be in. */
export const JSON_REQUESTS: readonly BaseRequest[] = [
  ...fromCapture('kamaji', '/p/kamaji'),
  ...fromCapture('sveltos-real', '/p/sveltos'),
  ...fromCapture('kusk', ''),
  ...fromCapture('segment-go-v3', '').flatMap(oneByOne),
  ...fromCapture('glasskube', '').flatMap(oneByOne),
  ...fromCapture('posthog-go', '').flatMap(oneByOne),
  SEGMENT_BROWSER,
  POSTHOG_JS,
  CAPTURE_V1,
  NATIVE,
];

/** The dialect that is no JSON. */
export const TEXT_REQUESTS: readonly BaseRequest[] = [
  ...fromCapture('cozystack-real', '/p/cozystack'),
  OLD_COZYSTACK,
];

/** One request of each dialect, and of each way in: for what does not depend on the body. */
export const ONE_OF_EACH: readonly BaseRequest[] = [
  ...fromCapture('kamaji', '/p/kamaji').slice(0, 1),
  ...fromCapture('sveltos-real', '/p/sveltos'),
  ...fromCapture('kusk', '').slice(0, 1),
  ...fromCapture('glasskube', '').flatMap(oneByOne).slice(0, 1),
  SEGMENT_BROWSER,
  POSTHOG_JS,
  CAPTURE_V1,
  NATIVE,
  OLD_COZYSTACK,
];
