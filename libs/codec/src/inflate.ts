import { promisify } from 'node:util';
import {
  brotliDecompress,
  gunzip,
  gunzipSync,
  inflate as inflateZlib,
  inflateRaw,
  zstdDecompress,
} from 'node:zlib';
import type { HttpCode } from '@rollcall/contracts-transport';
import type { Parsed } from './json.ts';

const decompressors = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: inflateEither,
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
};

/** Content encodings that a body may have. */
export type Encoding = keyof typeof decompressors;

/** Whether a Content-Encoding is one that {@link inflate} takes. */
export function isEncoding(name: string): name is Encoding {
  return Object.hasOwn(decompressors, name);
}

/** Whether the bytes begin as a gzip stream does: some clients compress and do not say so. */
export function looksGzipped(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** "deflate" is a zlib stream by the standard and a raw one from some clients: the first byte tells. */
async function inflateEither(bytes: Buffer, options: { maxOutputLength: number }): Promise<Buffer> {
  const isZlib = ((bytes[0] ?? 0) & 0x0f) === 8;
  return promisify(isZlib ? inflateZlib : inflateRaw)(bytes, options);
}

/**
 * Decompresses a body, never to more than `maxBytes`.
 *
 * Guarantee: stops at the cap instead of allocating what a bomb asks for. Fails with `GW_BODY_TOO_LARGE` over the cap
 * and `GW_BODY_ENCODING` for bytes that are not of that encoding.
 */
export async function inflate(
  bytes: Buffer,
  encoding: Encoding,
  maxBytes: number,
): Promise<Parsed<Buffer>> {
  try {
    return { ok: true, value: await decompressors[encoding](bytes, { maxOutputLength: maxBytes }) };
  } catch (error) {
    return { ok: false, code: codeOf(error) };
  }
}

/**
 * Decompresses a gzip stream at once, for bodies that only turn out to be compressed while they are read. Same
 * guarantee as {@link inflate}; the cap also bounds how long it blocks (some milliseconds per MiB).
 */
export function gunzipNow(bytes: Buffer, maxBytes: number): Parsed<Buffer> {
  try {
    return { ok: true, value: gunzipSync(bytes, { maxOutputLength: maxBytes }) };
  } catch (error) {
    return { ok: false, code: codeOf(error) };
  }
}

function codeOf(error: unknown): HttpCode {
  const isTooLarge =
    error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
  return isTooLarge ? 'GW_BODY_TOO_LARGE' : 'GW_BODY_ENCODING';
}
