import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { RollcallError } from '@rollcall/contracts-transport';

const RANDOM_BYTES = 16;
const MAC_BYTES = 8;
const RECEIPT = /^[0-9a-f]{48}$/;

const MIN_KEY_BYTES = 32;

/**
 * The key that all gateways share; a random one, which ends with the process, when there is no file.
 *
 * @throws CFG_INVALID when it cannot be read or is too short to be random
 */
export function readReceiptKey(file: string | undefined): Buffer {
  if (file === undefined) return randomBytes(MIN_KEY_BYTES);
  const key = read(file);
  if (key.length < MIN_KEY_BYTES)
    throw new RollcallError(
      'CFG_INVALID',
      `GATEWAY_RECEIPT_KEY_FILE has fewer than ${MIN_KEY_BYTES} bytes`,
    );
  return key;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new RollcallError('CFG_INVALID', 'GATEWAY_RECEIPT_KEY_FILE cannot be read', { cause });
  }
}

/**
 * Receipts of erasures: 16 random bytes, which nobody guesses, and a keyed hash of them and the project, so that a
 * receipt that was given and is not yet carried out is told from one that never was, without keeping any.
 */
export class Receipts {
  readonly #key: Buffer;

  /** @param key of {@link readReceiptKey} */
  constructor(key: Buffer) {
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
