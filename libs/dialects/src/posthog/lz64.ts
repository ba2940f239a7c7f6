import type { Parsed } from '@rollcall/codec';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUE_OF = new Map([...ALPHABET].map((char, value) => [char, value]));
const BITS_PER_CHAR = 6;

const NARROW_CHAR = 0;
const WIDE_CHAR = 1;
const END = 2;

/**
 * Decompresses what lz-string's `compressToBase64` made: an old encoding of the browser library.
 *
 * The package itself is not used because it has no bound: a few hundred KiB can grow to gigabytes, as each code may
 * repeat an entry one character longer than the last. Here growth stops at `maxLength` UTF-16 units
 * (`GW_BODY_TOO_LARGE`). Fails with `GW_BODY_ENCODING` for what is not of this encoding.
 * @see https://github.com/pieroxy/lz-string (the format; tested against it)
 */
export function decompressLz64(text: string, maxLength: number): Parsed<string> {
  const bits = new BitReader(text.trim());
  const dictionary = new Dictionary(bits);
  const pieces: string[] = [];
  let length = 0;
  let previous = '';
  for (;;) {
    const entry = dictionary.next(previous);
    if (entry === END) return { ok: true, value: pieces.join('') };
    if (entry === undefined || bits.isExhausted()) return { ok: false, code: 'GW_BODY_ENCODING' };
    length += entry.length;
    if (length > maxLength) return { ok: false, code: 'GW_BODY_TOO_LARGE' };
    pieces.push(entry);
    previous = entry;
  }
}

/** The entries that both sides build while they go: each new one is the entry before it and one more character. */
class Dictionary {
  readonly #bits: BitReader;
  readonly #entries = new Map<number, string>();
  #nextCode = 3;
  #codeWidth = 2;

  constructor(bits: BitReader) {
    this.#bits = bits;
  }

  /** The next piece of text; undefined for a code that cannot be. */
  next(previous: string): string | typeof END | undefined {
    const isFirst = this.#entries.size === 0;
    const code = this.#bits.read(this.#codeWidth);
    if (code === END) return END;
    const entry = this.#entryOf(code, previous, isFirst);
    if (entry !== undefined && !isFirst) this.#add(previous + entry.charAt(0));
    return entry;
  }

  #entryOf(code: number, previous: string, isFirst: boolean): string | undefined {
    if (code === NARROW_CHAR || code === WIDE_CHAR) {
      const char = String.fromCharCode(this.#bits.read(code === NARROW_CHAR ? 8 : 16));
      this.#add(char);
      return char;
    }
    // the one code that is not in the dictionary yet: the entry that this very step is about to make
    if (code === this.#nextCode && !isFirst) return previous + previous.charAt(0);
    return this.#entries.get(code);
  }

  #add(entry: string): void {
    this.#entries.set(this.#nextCode, entry);
    this.#nextCode += 1;
    if (this.#nextCode >= 2 ** this.#codeWidth) this.#codeWidth += 1;
  }
}

/** Numbers of any width, least significant bit first, from characters whose highest bit comes first. */
class BitReader {
  readonly #text: string;
  #at = 0;
  #bitsLeft = 0;
  #current = 0;
  #isExhausted = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether more was read than there was. */
  isExhausted(): boolean {
    return this.#isExhausted;
  }

  read(width: number): number {
    let value = 0;
    for (let bit = 0; bit < width; bit += 1) value |= this.#readBit() << bit;
    return value;
  }

  #readBit(): number {
    if (this.#bitsLeft === 0) this.#advance();
    this.#bitsLeft -= 1;
    return (this.#current >> this.#bitsLeft) & 1;
  }

  #advance(): void {
    const value = VALUE_OF.get(this.#text.charAt(this.#at));
    if (value === undefined) this.#isExhausted = true;
    this.#current = value ?? 0;
    this.#at += 1;
    this.#bitsLeft = BITS_PER_CHAR;
  }
}
