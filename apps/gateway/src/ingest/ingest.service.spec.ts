import type { Decoded, WireEvent } from '@rollcall/dialects';
import { expect, test } from 'vitest';
import { toFieldTypes } from './declared-types.ts';
import { IngestService } from './ingest.service.ts';

const declared = new Map([
  [
    'kamaji',
    {
      typesOf: (event: string) =>
        event === 'stats' ? toFieldTypes([['running', 'integer']]) : undefined,
    },
  ],
]);
const wireEvent = (overrides: Partial<WireEvent> = {}): WireEvent => ({
  event: 'stats',
  eventId: 'e1',
  installationId: 'cluster',
  occurredAt: null,
  properties: { running: 1 },
  ...overrides,
});
const decoded = (...events: WireEvent[]): Decoded => ({
  kind: 'decoded',
  events,
  indexes: events.map((_, index) => index),
  rejected: [],
});
const context = { project: 'kamaji', dialect: 'native', receivedAt: 1_000 } as const;

function createService(append = (): Promise<void> => Promise.resolve()): {
  service: IngestService;
  stored: string[];
} {
  const stored: string[] = [];
  const service = new IngestService({
    declared,
    maxEventBytes: 500,
    append: (lines) => {
      stored.push(lines.toString());
      return append();
    },
  });
  return { service, stored };
}

test('stores the good events of a request and names the bad ones by their place', async () => {
  const { service, stored } = createService();
  const result = await service.accept(
    decoded(
      wireEvent(),
      wireEvent({ event: 'unheard-of' }),
      wireEvent({ properties: { running: 'many' } }),
      wireEvent({ properties: { text: 'x'.repeat(600) } }),
      wireEvent({ eventId: 'e2' }),
    ),
    context,
  );
  expect(result.acceptedCount).toBe(2);
  expect(result.rejected.map(({ index, code }) => [index, code])).toEqual([
    [1, 'GW_EVENT_UNKNOWN'],
    [2, 'GW_FIELD_TYPE'],
    [3, 'GW_EVENT_TOO_LARGE'],
  ]);
  const lines = stored.join('').trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { event_id: string }).event_id)).toEqual([
    'e1',
    'e2',
  ]);
});

test('counts what was changed of an event that is kept, of no other, and stores nothing of it', async () => {
  const { service, stored } = createService();
  const notes = [{ code: 'GW_TIME_UNREADABLE', path: 'timestamp' }] as const;
  const result = await service.accept(
    decoded(wireEvent({ notes }), wireEvent({ event: 'unheard-of', notes })),
    context,
  );
  expect(result.notes).toEqual(notes);
  expect(stored.join('')).not.toContain('notes');
});

test('repeats nothing of an event in what it says about it', async () => {
  const { service } = createService();
  const { rejected } = await service.accept(
    decoded(wireEvent({ event: 'jane@example.org', properties: { running: 'jane@example.org' } })),
    context,
  );
  expect(JSON.stringify(rejected)).not.toContain('jane');
});

test('does not answer before the events are durable', async () => {
  const { service } = createService(() => Promise.reject(new Error('no ack')));
  await expect(service.accept(decoded(wireEvent()), context)).rejects.toThrow('no ack');
});

test('sends nothing to Kafka when nothing was accepted', async () => {
  const { service, stored } = createService();
  await service.accept(decoded(wireEvent({ event: 'no' })), context);
  expect(stored).toEqual([]);
});
