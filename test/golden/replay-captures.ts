import { exchange, readCapture, toRequestBytes, type RawAnswer } from '../replay/capture.ts';
import type { RunningRollcall } from '../stack/running-rollcall.ts';

/** Which project a capture is of, and the path its clients are given when neither host nor key names the project. */
export const CAPTURES = {
  'cozystack-real': { project: 'cozystack', prefix: '/p/cozystack' },
  glasskube: { project: 'glasskube', prefix: '' },
  kamaji: { project: 'kamaji', prefix: '/p/kamaji' },
  kusk: { project: 'kusk', prefix: '' },
  'posthog-go': { project: 'glasskube', prefix: '' },
  'segment-go-v3': { project: 'kusk', prefix: '' },
  // its own host is in the request line
  'sveltos-real': { project: 'sveltos', prefix: '' },
} as const;

export type CaptureName = keyof typeof CAPTURES;
export const CAPTURE_NAMES = Object.keys(CAPTURES) as CaptureName[];

/** Events that the gateway refused, by code. */
export type Refusals = Readonly<Record<string, number>>;

/** A replayed capture: what was answered and refused, and between which instants (epoch ms) it was received. */
export interface Replay {
  readonly answers: readonly RawAnswer[];
  readonly refused: Refusals;
  readonly from: number;
  readonly to: number;
}

const COUNTER = /^gateway_events_rejected_total\{project="(\w+)",code="(\w+)"\} (\d+)$/gm;

async function refusalsSoFar(
  gateway: string,
  project: string,
): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${gateway}/metrics`)).text();
  const counters = [...text.matchAll(COUNTER)].filter(([, of]) => of === project);
  return new Map(counters.map(([, , code = '', count]) => [code, Number(count)]));
}

function difference(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Refusals {
  const grown = [...after].map(([code, count]) => [code, count - (before.get(code) ?? 0)] as const);
  return Object.fromEntries(grown.filter(([, count]) => count > 0));
}

/** Writes a capture's requests to a socket each, one after the other, byte for byte. */
export async function replayCapture(
  { capturesGateway }: RunningRollcall,
  name: CaptureName,
): Promise<Replay> {
  const { hostname, port } = new URL(capturesGateway);
  const { project, prefix } = CAPTURES[name];
  const before = await refusalsSoFar(capturesGateway, project);
  const from = Date.now();
  const answers: RawAnswer[] = [];
  for (const request of readCapture(name)) {
    const bytes = toRequestBytes(request, prefix);
    answers.push(await exchange(bytes, { host: hostname, port: Number(port) }));
  }
  const to = Date.now();
  const after = await refusalsSoFar(capturesGateway, project);
  return { answers, refused: difference(before, after), from, to };
}
