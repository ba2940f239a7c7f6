import { JSON_REQUESTS, ONE_OF_EACH, TEXT_REQUESTS, type BaseRequest } from './base-requests.ts';
import { SEED_KINDS, type SeedKind, type SentSeeds } from './seeds.ts';
import { objectPlaces, replaceAt, replaceTexts, textPlaces } from './text-places.ts';

/** Headers that a client, a browser or a proxy may put an identifier in. */
const HEADERS = [
  'x-cluster-id',
  'user-agent',
  'referer',
  'cookie',
  'x-forwarded-for',
  'forwarded',
  'x-real-ip',
  'cf-connecting-ip',
  'anonymousid',
  'content-type',
  'accept-language',
  'authorization',
  'x-write-key',
  'posthog-sdk-info',
  'posthog-request-timestamp',
  'x-request-id',
  'traceparent',
] as const;

type Seeding = (request: BaseRequest, kind: SeedKind, seeds: SentSeeds) => readonly BaseRequest[];

const withBody = (request: BaseRequest, body: unknown): BaseRequest => ({
  ...request,
  body: JSON.stringify(body),
});

/** Each text by itself, so that all else of the request is as it should be. */
const inEachText: Seeding = (request, kind, seeds) => {
  const json: unknown = JSON.parse(request.body);
  return textPlaces(json).map((place) =>
    withBody(
      request,
      replaceAt(json, place, (text) => seeds.next(kind, String(text))),
    ),
  );
};

const inAllTexts: Seeding = (request, kind, seeds) => [
  withBody(
    request,
    replaceTexts(JSON.parse(request.body), (text) => seeds.next(kind, text)),
  ),
];

/** In each object a key that nobody knows, with one more below it. */
const inKeys: Seeding = (request, kind, seeds) => {
  const json: unknown = JSON.parse(request.body);
  return objectPlaces(json).map((place) =>
    withBody(
      request,
      replaceAt(json, place, (object) => ({
        ...(object as object),
        [seeds.next(kind)]: { [seeds.next(kind)]: seeds.next(kind) },
      })),
    ),
  );
};

const inHeaders: Seeding = (request, kind, seeds) =>
  HEADERS.map((name) => {
    const original = request.headers[name];
    const seed = seeds.next(kind, original);
    const value = name === 'posthog-sdk-info' ? `${seed}/${seed}` : seed;
    return { ...request, headers: { ...request.headers, [name]: value } };
  });

const inAddress: Seeding = (request, kind, seeds) => {
  const seed = (): string => encodeURIComponent(seeds.next(kind));
  return [
    `${request.path}?distinct_id=${seed()}&${seed()}=1`,
    `${request.path}?compression=${seed()}&_=${seed()}&token=${seed()}`,
    `${request.path.replace(/\/$/, '')}/${seed()}`,
    `/p/${seed()}/events`,
  ].map((path) => ({ ...request, path }));
};

/** Label values, label names, names of metrics, values, comments. */
const inMetrics: Seeding = (request, kind, seeds) => {
  const lines = request.body.split('\n').filter((line) => line !== '');
  const valued = lines.flatMap((line, index) =>
    [...line.matchAll(/"([^"]*)"/g)].map(({ 0: quoted, 1: value = '', index: at }) => {
      const seeded = `${line.slice(0, at)}"${seeds.next(kind, value)}"${line.slice(at + quoted.length)}`;
      return lines.with(index, seeded);
    }),
  );
  const odd = [
    `# HELP cozy_nodes_count ${seeds.next(kind)}`,
    `cozy_tenants_count ${seeds.next(kind)}`,
    `cozy_nodes_count{os="a\\",cluster_id=\\"${seeds.next(kind)}"} 1`,
    `cozy_nodes_count{os="a",cluster_id="${seeds.next(kind)}"} 1`,
    // not every identifier can be a name here: then the line says nothing at all
    `cozy_nodes_count{${seeds.next(kind)}="${seeds.next(kind)}"} 1`,
    `${seeds.next(kind)}{os="linux"} 1`,
    seeds.next(kind),
  ];
  return [...valued, ...odd.map((line) => [...lines, line])].map((all) => ({
    ...request,
    body: `${all.join('\n')}\n`,
  }));
};

const SEEDINGS: readonly (readonly [readonly BaseRequest[], readonly Seeding[]])[] = [
  [JSON_REQUESTS, [inEachText, inAllTexts, inKeys]],
  [TEXT_REQUESTS, [inMetrics]],
  [ONE_OF_EACH, [inHeaders, inAddress]],
];

/** Every request with every kind of identifier in every place. */
export function* seededRequests(seeds: SentSeeds): Generator<BaseRequest> {
  const pairs = SEEDINGS.flatMap(([requests, seedings]) =>
    requests.flatMap((request) => seedings.map((seeding) => ({ request, seeding }))),
  );
  for (const kind of SEED_KINDS)
    for (const { request, seeding } of pairs) yield* seeding(request, kind, seeds);
}
