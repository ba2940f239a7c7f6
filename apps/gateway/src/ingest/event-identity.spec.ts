import { expect, test } from 'vitest';
import { eventIdOf } from './event-identity.ts';

const event = {
  event: 'stats',
  eventId: undefined,
  installationId: 'i',
  occurredAt: 5,
  properties: { a: 1 },
};

test('keeps the id of the wire', () => {
  expect(eventIdOf('kamaji', { ...event, eventId: 'abc' })).toBe('abc');
});

test('gives a retry of an event with a time of its own the same id', () => {
  expect(eventIdOf('kamaji', event)).toBe(eventIdOf('kamaji', structuredClone(event)));
});

test.each([
  ['project', eventIdOf('sveltos', event)],
  ['time', eventIdOf('kamaji', { ...event, occurredAt: 6 })],
  ['installation', eventIdOf('kamaji', { ...event, installationId: 'j' })],
  ['properties', eventIdOf('kamaji', { ...event, properties: { a: 2 } })],
])('gives another %s another id', (_, other) => {
  expect(other).not.toBe(eventIdOf('kamaji', event));
});

test('takes equal bodies without id and time for two events', () => {
  const create = { ...event, installationId: '', occurredAt: null };
  expect(eventIdOf('kamaji', create)).not.toBe(eventIdOf('kamaji', create));
});

test('gives a retry the same id although the correction of the client’s clock differs', () => {
  const sent = { ...event, occurredAt: 1_000, writtenAt: 7 };
  expect(eventIdOf('kusk', sent)).toBe(eventIdOf('kusk', { ...sent, occurredAt: 1_234 }));
});
