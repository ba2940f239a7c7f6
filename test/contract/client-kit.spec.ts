import { expect, it } from 'vitest';
import { createClient, type ClientRequest } from '@rollcall/client';
import { createClient as createInPage } from '@rollcall/client/browser';
import { DIALECTS, type WireRequest } from '@rollcall/dialects';

const LIMITS = { maxBodyBytes: 524_288, maxEvents: 5_000, maxDepth: 24 };
const OPTIONS = {
  endpoint: 'https://rollcall.example.org',
  project: 'kusk',
  appVersion: '1.2.3',
  writeKey: 'public-key',
};
/** What JSON cannot say, what the gateway refuses, and as deep as the kit goes. */
const PROPERTIES = {
  command: 'dashboard',
  count: 3n,
  left: () => 'out',
  ['half \ud83d']: 1,
  nested: JSON.parse('{"__proto__":1,"kept":true}') as unknown,
  deep: JSON.parse('['.repeat(16) + ']'.repeat(16)) as unknown,
};

/** The request that a preview shows, as the gateway would hand it to the dialect. */
function toWire({ url, headers, body }: ClientRequest): WireRequest {
  const { pathname, searchParams } = new URL(url);
  return {
    method: 'POST',
    path: pathname.replace('/p/kusk', ''),
    query: searchParams,
    headers,
    body: Buffer.from(body),
    receivedAt: Date.now(),
    limits: LIMITS,
  };
}

const anId = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;

it.each([
  ['Node', createClient],
  ['a page', createInPage],
])('what the client kit sends from %s is what the native dialect reads', (_where, create) => {
  // shown, not sent: whether this run may send does not matter
  const preview = create(OPTIONS).preview('kusk-cli', PROPERTIES);
  if (preview === undefined) return expect.unreachable();
  const request = toWire(preview);
  expect(DIALECTS.native.methodsOf(request.path)).toContain('POST');
  expect(DIALECTS.native.decode(request)).toMatchObject({
    kind: 'decoded',
    writeKey: 'public-key',
    rejected: [],
    events: [
      {
        event: 'kusk-cli',
        eventId: anId,
        installationId: anId,
        occurredAt: expect.closeTo(Date.now(), -4) as number,
        properties: { version: '1.2.3', command: 'dashboard', count: 3, nested: { kept: true } },
      },
    ],
  });
});
