import { createHash } from 'node:crypto';

/** Identifiers of one kind, each with a number by which the place that it was put in is found again. */
export interface SeedKind {
  readonly name: string;
  /** @param original what stood in its place. */
  readonly make: (serial: number, original: string) => string;
  /** What every identifier of the kind has in it, and nothing else has. */
  readonly mark: RegExp;
}

const pad = (serial: number, length: number): string => String(serial).padStart(length, '0');
const email = (serial: number): string => `jane.seedleak${serial}@mail.example`;

/** One of each kind that could name a person, a machine or a place. */
export const SEED_KINDS: readonly SeedKind[] = [
  {
    name: 'UUID',
    make: (serial) => `5eed5eed-5eed-4eed-8eed-${pad(serial, 12)}`,
    mark: /5eed[-_.]?5eed[-_.]?[45]eed/i,
  },
  { name: 'e-mail', make: email, mark: /seedleak\d*(?:@|%40)|@mail\.example/i },
  {
    name: 'e-mail inside of something harmless',
    make: (serial, original) => `${original} ${email(serial)}`,
    mark: /jane\.seedleak/i,
  },
  {
    name: 'home path',
    make: (serial) => `/home/janeseed${serial}/api.yaml`,
    mark: /janeseed/i,
  },
  {
    name: 'IPv4 address',
    make: (serial) => `203.0.113.${100 + (serial % 100)}`,
    mark: /203\.0\.113\.1\d\d/,
  },
  {
    name: 'IPv6 address',
    make: (serial) => `2001:db8:5eed::${(serial % 0xffff).toString(16)}`,
    mark: /2001:0?db8:5eed/i,
  },
  {
    name: 'token',
    make: (serial) => `ghp_SEED${pad(serial, 10)}q7Xw2LmZk9Tb4Rn`,
    mark: /ghp_SEED|q7Xw2LmZk9Tb4Rn/i,
  },
  {
    name: 'host name',
    make: (serial) => `node-seedhost${serial}.corp.internal`,
    mark: /seedhost|corp\.internal/i,
  },
];

/** Hex digests, which a hash without a key would leave: it can be tried out. */
const DIGEST = /(?<![0-9a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-f])/gi;
const HASHES = ['md5', 'sha1', 'sha256'] as const;
const AROUND = 60;

/** Remembers every identifier that was sent, and finds them in texts. */
export class SentSeeds {
  readonly #digests = new Map<string, string>();
  #serial = 0;

  /** The next identifier of a kind. */
  next(kind: SeedKind, original = ''): string {
    this.#serial += 1;
    const seed = kind.make(this.#serial, original);
    for (const hash of HASHES)
      this.#digests.set(createHash(hash).update(seed).digest('hex'), kind.name);
    return seed;
  }

  get count(): number {
    return this.#serial;
  }

  /** @returns for each kind that is in the text, the place of its first appearance with what is around it. */
  findIn(text: string): readonly string[] {
    const found = SEED_KINDS.flatMap(({ name, mark }) => {
      const match = mark.exec(text);
      if (match === null) return [];
      const around = text.slice(Math.max(0, match.index - AROUND), match.index + AROUND);
      return [`${name}: …${around}…`];
    });
    const hashed = [...text.matchAll(DIGEST)].flatMap(([digest]) => {
      const kind = this.#digests.get(digest.toLowerCase());
      return kind === undefined ? [] : [`hash without a key of ${kind}: ${digest}`];
    });
    return [...found, ...hashed];
  }
}
