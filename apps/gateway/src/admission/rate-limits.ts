import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import type { Clock } from '@rollcall/pipeline';
import type { GatewayConfig } from '../gateway.config.ts';
import { hashKey } from '../http/write-key.ts';
import { ClientAddresses, type Origin } from './client-address.ts';
import { TokenBuckets } from './token-buckets.ts';

type Settings = Pick<
  GatewayConfig,
  | 'GATEWAY_RATE_ADDRESS_PER_SECOND'
  | 'GATEWAY_RATE_ADDRESS_BURST'
  | 'GATEWAY_RATE_KEY_PER_SECOND'
  | 'GATEWAY_RATE_KEY_BURST'
  | 'GATEWAY_RATE_ERASURE_PER_SECOND'
  | 'GATEWAY_RATE_ERASURE_BURST'
  | 'GATEWAY_TRUSTED_PROXY_HOPS'
>;

/** About 20 MB at most. */
const MAX_ADDRESSES = 100_000;
/** More keys than any catalogue has. */
const MAX_KEYS = 10_000;
/** What a project takes of all addresses together, in shares of one address. */
const PROJECT_SHARES = 20;

/**
 * Who may send how much: requests per address, before a body is read, and events per write key, after it is known.
 * Each replica counts for itself, in memory.
 *
 * @see docs/adr/0013-rate-limits-and-addresses.md
 */
export class RateLimits {
  readonly #addresses: ClientAddresses;
  readonly #requests: TokenBuckets;
  readonly #events: TokenBuckets;
  readonly #erasures: TokenBuckets;
  readonly #projectErasures: TokenBuckets;

  constructor(settings: Settings, clock: Clock) {
    this.#addresses = new ClientAddresses(settings.GATEWAY_TRUSTED_PROXY_HOPS);
    this.#requests = new TokenBuckets(
      {
        perSecond: settings.GATEWAY_RATE_ADDRESS_PER_SECOND,
        burst: settings.GATEWAY_RATE_ADDRESS_BURST,
      },
      MAX_ADDRESSES,
      clock,
    );
    this.#events = new TokenBuckets(
      { perSecond: settings.GATEWAY_RATE_KEY_PER_SECOND, burst: settings.GATEWAY_RATE_KEY_BURST },
      MAX_KEYS,
      clock,
    );
    const perSecond = settings.GATEWAY_RATE_ERASURE_PER_SECOND;
    const burst = settings.GATEWAY_RATE_ERASURE_BURST;
    this.#erasures = new TokenBuckets({ perSecond, burst }, MAX_ADDRESSES, clock);
    this.#projectErasures = new TokenBuckets(
      { perSecond: perSecond * PROJECT_SHARES, burst: burst * PROJECT_SHARES },
      MAX_KEYS,
      clock,
    );
  }

  /** @returns 0 for a request for erasure that may go on, else the seconds to wait. */
  takeErasure(project: string, origin: Origin): number {
    const address = this.#addresses.keyOf(origin);
    const waitSeconds = address === undefined ? 0 : this.#erasures.take(`${project}/${address}`, 1);
    return waitSeconds > 0 ? waitSeconds : this.#projectErasures.take(project, 1);
  }

  /** @returns 0 for a request that may go on, else the seconds to wait. */
  takeRequest(origin: Origin): number {
    const key = this.#addresses.keyOf(origin);
    return key === undefined ? 0 : this.#requests.take(key, 1);
  }

  /**
   * A project whose keys are public has one bucket: whoever sends may write any key there.
   *
   * @param writeKey of a request that was authorized with it.
   * @returns 0 for events that may be stored, else the seconds to wait.
   */
  takeEvents(project: ProjectCatalogue, writeKey: string | undefined, eventCount: number): number {
    const isKeyed = project.write_keys !== 'public' && writeKey !== undefined;
    const name = isKeyed ? hashKey(writeKey).toString('base64url') : '';
    return this.#events.take(`${project.project}/${name}`, eventCount);
  }
}
