import { createHash } from 'node:crypto';
import { inspect } from 'node:util';

const FINGERPRINT_DOMAIN = 'rollcall keyring fingerprint v1\0';
const FINGERPRINT_DIGITS = 8;

/**
 * A short public name of a key for logs and messages: 8 hex digits of a domain-separated SHA-256.
 *
 * Guarantee: pure; says nothing that helps to find the key (32 random bytes stand behind it).
 */
export function fingerprintOf(key: Uint8Array): string {
  const hash = createHash('sha256').update(FINGERPRINT_DOMAIN).update(key);
  return hash.digest('hex').slice(0, FINGERPRINT_DIGITS);
}

/** The bytes of one key. Every usual way to text gives the fingerprint; only `reveal` gives the bytes. */
export class KeyMaterial {
  readonly fingerprint: string;
  readonly #bytes: Uint8Array;

  constructor(base64: string) {
    this.#bytes = Buffer.from(base64, 'base64');
    this.fingerprint = fingerprintOf(this.#bytes);
  }

  reveal(): Uint8Array {
    return this.#bytes;
  }

  toJSON(): string {
    return `[key ${this.fingerprint}]`;
  }

  toString(): string {
    return this.toJSON();
  }

  [inspect.custom](): string {
    return this.toJSON();
  }
}
