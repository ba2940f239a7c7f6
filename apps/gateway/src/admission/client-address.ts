import { createHmac, randomBytes } from 'node:crypto';
import ipaddr from 'ipaddr.js';

/** What a request says about where it came from. */
export interface Origin {
  /** Of the socket: the client itself, or the nearest proxy. */
  readonly socketAddress: string | undefined;
  readonly forwardedFor: string | undefined;
}

/** IPv6 by this prefix: a household has as many addresses as it likes, and one network. */
const IPV6_PREFIX_BYTES = 8;
const HASH_BYTES = 12;

/** An address as proxies write it: bare, with a port, in brackets. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? text.replace(/^([\d.]+):\d+$/, '$1');
  // `1` and `0x7f.1` are addresses to a resolver, and to nobody else
  if (ipaddr.IPv4.isValid(bare) && !ipaddr.IPv4.isValidFourPartDecimal(bare)) return undefined;
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined;
}

/** The entry that the outermost of our own proxies wrote. What stands left of it, the client may have written. */
function forwardedAddress(
  forwardedFor: string | undefined,
  hops: number,
): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (hops === 0 || forwardedFor === undefined) return undefined;
  const entry = forwardedFor.split(',').at(-hops);
  return entry === undefined ? undefined : parseAddress(entry.trim());
}

/**
 * Who a request is limited as: a keyed hash of the network it came from. The key is made at start, kept in memory only
 * and gone with the process, so that a hash says nothing to anyone.
 *
 * Guarantee: the address itself is neither kept nor returned. `X-Forwarded-For` counts only with trusted hops, and then
 * only the entry that the outermost trusted proxy wrote; with fewer entries than hops the socket counts.
 * @see docs/adr/0013-rate-limits-and-addresses.md
 */
export class ClientAddresses {
  readonly #hops: number;
  readonly #key = randomBytes(32);

  constructor(trustedProxyHops: number) {
    this.#hops = trustedProxyHops;
  }

  /** @returns undefined for who is not limited: this machine itself, and a socket that is gone. */
  keyOf({ socketAddress, forwardedFor }: Origin): string | undefined {
    const forwarded = forwardedAddress(forwardedFor, this.#hops);
    const address = forwarded ?? parseAddress(socketAddress ?? '');
    if (address === undefined) return undefined;
    if (forwarded === undefined && address.range() === 'loopback') return undefined;
    const bytes = Uint8Array.from(address.toByteArray());
    const network = address.kind() === 'ipv6' ? bytes.subarray(0, IPV6_PREFIX_BYTES) : bytes;
    const hash = createHmac('sha256', this.#key).update(network).digest();
    return hash.subarray(0, HASH_BYTES).toString('base64url');
  }
}
