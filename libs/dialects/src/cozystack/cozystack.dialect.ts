import { decodeText, gunzipNow, looksGzipped, type Parsed } from '@rollcall/codec';
import type { RawSample } from '@rollcall/contracts-raw';
import { titleOf } from '@rollcall/contracts-transport';
import type { DecodeOutcome, Dialect, EventNote, WireRejection, WireRequest } from '../dialect.ts';
import { answerEmpty } from '../empty-answer.ts';
import type { EventFault } from '../event-fault.ts';
import { notesOf } from '../event-notes.ts';
import { refused } from '../json-body.ts';
import { readSample } from './prometheus-text.ts';

const CLUSTER_ID = /^[A-Za-z0-9._-]{1,253}$/;
/** The largest clusters push some thousand; a line costs far more after this point than its bytes do here. */
const MAX_LINE_COUNT = 20_000;
const LINE_FEED = 0x0a;
const CLUSTER_LABEL = 'cluster_id';

/** Cozystack's push of Prometheus text. The header alone says which cluster it is. */
export const cozystackDialect: Dialect = {
  name: 'cozystack',
  methodsOf: (path) => (path === '/' ? ['POST'] : undefined),
  allowsEmptyBody: () => false,
  decode: decodeCozystack,
  answer: answerEmpty,
};

function decodeCozystack(request: WireRequest): DecodeOutcome {
  const installationId = request.headers['x-cluster-id'] ?? '';
  if (!CLUSTER_ID.test(installationId))
    return refused('GW_EVENT_SHAPE', 'X-Cluster-ID: 1 to 253 of A-Z a-z 0-9 . _ -');
  const lines = readLines(request);
  if (!lines.ok) return refused(lines.code);
  if (lines.value.length > MAX_LINE_COUNT) return refused('GW_TOO_MANY_EVENTS');
  const { samples, rejected, notes } = readSamples(lines.value);
  if (samples.length === 0 && rejected.length === 0) return refused('GW_BODY_EMPTY');
  if (samples.length === 0) return { kind: 'decoded', events: [], indexes: [], rejected };
  const push = { event: 'metrics', eventId: undefined, installationId, occurredAt: null };
  return {
    kind: 'decoded',
    events: [{ ...push, properties: {}, samples, notes: notesOf(...notes) }],
    indexes: [0],
    rejected,
  };
}

interface Samples {
  readonly samples: readonly RawSample[];
  /** `index` is the line's number from 0. */
  readonly rejected: readonly WireRejection[];
  readonly notes: readonly EventNote[];
}

function readSamples(lines: readonly Parsed<string>[]): Samples {
  const samples: RawSample[] = [];
  const rejected: WireRejection[] = [];
  const notes: EventNote[] = [];
  lines.forEach((line, index) => {
    const read = line.ok ? readSample(line.value) : faultOf(line.code);
    if (read === undefined) return;
    if ('code' in read) rejected.push({ index, ...read });
    else if (Object.hasOwn(read.labels, CLUSTER_LABEL)) {
      samples.push(withoutClusterId(read));
      notes.push({ code: 'GW_LABEL_DROPPED', path: CLUSTER_LABEL });
    } else samples.push(read);
  });
  return { samples, rejected, notes };
}

function faultOf(code: EventFault['code']): EventFault {
  return { code, detail: titleOf(code) };
}

/** A label of the text could name another cluster, so it names none. */
function withoutClusterId(sample: RawSample): RawSample {
  const { [CLUSTER_LABEL]: _, ...labels } = sample.labels;
  return { ...sample, labels };
}

function readLines(request: WireRequest): Parsed<readonly Parsed<string>[]> {
  if (!looksGzipped(request.body)) return { ok: true, value: decodeLines(request.body) };
  const inflated = gunzipNow(request.body, request.limits.maxBodyBytes);
  return inflated.ok ? { ok: true, value: decodeLines(inflated.value) } : inflated;
}

/** Line by line only when the whole is not UTF-8: then a broken label costs its own line. */
function decodeLines(body: Buffer): readonly Parsed<string>[] {
  const text = decodeText(body);
  if (text.ok)
    return text.value.split('\n', MAX_LINE_COUNT + 1).map((value) => ({ ok: true, value }));
  const lines: Parsed<string>[] = [];
  for (let start = 0; start <= body.length && lines.length <= MAX_LINE_COUNT;) {
    const end = body.indexOf(LINE_FEED, start);
    lines.push(decodeText(body.subarray(start, end === -1 ? body.length : end)));
    start = end === -1 ? body.length + 1 : end + 1;
  }
  return lines;
}
