import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const RANDOM_BYTES = 16;
const MAC_BYTES = 8;
const RECEIPT = /^[0-9a-f]{48}$/;

/**
 * Receipts of erasures: 16 random bytes, which nobody guesses, and a keyed hash of them and the project, so that a
 * receipt that was given and is not yet carried out is told from one that never was, without keeping any.
 */
export class Receipts {
  readonly #key: Buffer;

  /** @param key shared by all gateways; a random one knows the receipts of this process alone */
  constructor(key: Buffer = randomBytes(32)) {
    this.#key = key;
  }

  give(project: string): string {
    const random = randomBytes(RANDOM_BYTES);
    return Buffer.concat([random, this.#mac(project, random)]).toString('hex');
  }

  static isReceipt(text: string): boolean {
    return RECEIPT.test(text);
  }

  wasGiven(project: string, receipt: string): boolean {
    const bytes = Buffer.from(receipt, 'hex');
    const random = bytes.subarray(0, RANDOM_BYTES);
    const mac = bytes.subarray(RANDOM_BYTES);
    return mac.length === MAC_BYTES && timingSafeEqual(mac, this.#mac(project, random));
  }

  #mac(project: string, random: Buffer): Buffer {
    const mac = createHmac('sha256', this.#key).update(`${project}\0`).update(random).digest();
    return mac.subarray(0, MAC_BYTES);
  }
}
