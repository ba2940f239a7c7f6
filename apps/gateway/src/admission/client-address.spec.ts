import { expect, test } from 'vitest';
import { ClientAddresses } from './client-address.ts';

const PROXY = '10.0.0.9';
const from = (forwardedFor?: string, socketAddress = PROXY) => ({ socketAddress, forwardedFor });

test('limits by the socket and minds no header, unless told of proxies', () => {
  const addresses = new ClientAddresses(0);
  const own = addresses.keyOf(from());
  expect(addresses.keyOf(from('203.0.113.1'))).toBe(own);
  expect(addresses.keyOf(from('203.0.113.2, 127.0.0.1'))).toBe(own);
  expect(addresses.keyOf(from(undefined, '10.0.0.10'))).not.toBe(own);
});

test('reads X-Forwarded-For from the right, so that a forged entry changes nothing', () => {
  const addresses = new ClientAddresses(1);
  const client = addresses.keyOf(from('203.0.113.7'));
  for (const forged of ['1.2.3.4', '127.0.0.1', '::1', 'x', '', '203.0.113.8, 203.0.113.9'])
    expect(addresses.keyOf(from(`${forged}, 203.0.113.7`))).toBe(client);
  expect(addresses.keyOf(from('203.0.113.8'))).not.toBe(client);
});

test('counts the proxies it was told of', () => {
  const addresses = new ClientAddresses(2);
  const client = addresses.keyOf(from('203.0.113.7, 10.1.1.1'));
  expect(addresses.keyOf(from('forged, 203.0.113.7, 10.2.2.2'))).toBe(client);
});

test.each([
  ['203.0.113.7'],
  ['unknown, 10.1.1.1'],
  ['0x7f.1, 10.1.1.1'],
  ['1, 10.1.1.1'],
  [undefined],
])(
  'takes the socket when the header cannot have come through all proxies, or is no address: %s',
  (forwardedFor) => {
    const addresses = new ClientAddresses(2);
    expect(addresses.keyOf(from(forwardedFor))).toBe(addresses.keyOf(from()));
  },
);

test.each(['203.0.113.7:4711', '::ffff:203.0.113.7', '[::ffff:203.0.113.7]:4711'])(
  'knows an address however it is written: %s',
  (text) => {
    const addresses = new ClientAddresses(1);
    expect(addresses.keyOf(from(text))).toBe(addresses.keyOf(from('203.0.113.7')));
  },
);

test('takes a /64 of IPv6 for one', () => {
  const addresses = new ClientAddresses(0);
  const key = (address: string): string | undefined => addresses.keyOf(from(undefined, address));
  expect(key('2001:db8:1:2::1')).toBe(key('2001:db8:1:2:ffff:ffff:ffff:ffff'));
  expect(key('2001:db8:1:2::1')).not.toBe(key('2001:db8:1:3::1'));
});

test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])(
  'does not limit this machine: %s',
  (address) => {
    expect(new ClientAddresses(0).keyOf(from(undefined, address))).toBeUndefined();
  },
);

test('takes nobody’s word for being this machine', () => {
  expect(new ClientAddresses(1).keyOf(from('127.0.0.1'))).toBeDefined();
});

test('says nothing of the address, and something else in each process', () => {
  const origin = from(undefined, '203.0.113.7');
  const [one, other] = [new ClientAddresses(0), new ClientAddresses(0)].map((addresses) =>
    addresses.keyOf(origin),
  );
  expect(one).toMatch(/^[\w-]{16}$/);
  expect(one).not.toBe(other);
});
