import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readCapture } from '../replay/capture.ts';
import { analystOf, runningRollcall } from '../stack/running-rollcall.ts';
import { settled } from '../stack/settled.ts';
import { goldenRows } from './golden-rows.ts';
import { CAPTURE_NAMES, replayCapture, type CaptureName, type Replay } from './replay-captures.ts';

const rollcall = runningRollcall();
const replays = new Map<CaptureName, Replay>();
const replayOf = (name: CaptureName): Replay => replays.get(name) ?? expect.unreachable();

beforeAll(async () => {
  for (const name of CAPTURE_NAMES) replays.set(name, await replayCapture(rollcall, name));
  await settled(rollcall);
});

/** What a client looks at. The id of a request is the answering server's own. */
function essence(status: number, contentType: string | undefined, body: string): unknown {
  if (!body.startsWith('{')) return { status, contentType, body };
  const { requestId: _, ...said } = JSON.parse(body) as Record<string, unknown>;
  return { status, contentType, said };
}

test.each(CAPTURE_NAMES)('answers each request of %s with what its client wants', (name) => {
  const wanted = readCapture(name).map(({ response: { status, headers, body } }) =>
    essence(status, headers['Content-Type'], body),
  );
  const given = replayOf(name).answers.map(({ status, headers, body }) =>
    essence(status, /content-type: *([^;\r\n]*)/i.exec(headers)?.[1], body),
  );
  expect(given).toEqual(wanted);
});

test.each(CAPTURE_NAMES)('stores %s field by field as the golden file has it', async (name) => {
  const rows = await goldenRows(analystOf(rollcall), replayOf(name));
  await expect(`${JSON.stringify(rows, undefined, 2)}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, `${name}.json`),
  );
});
