import { crc32 } from 'node:zlib';

/** A record on its way to Kafka: NDJSON lines of raw events. */
export interface SpooledRecord {
  readonly lines: Buffer;
  readonly eventCount: number;
}

/** What could be read of a segment. */
export interface ReadFrames {
  readonly records: readonly SpooledRecord[];
  /** Bytes after the last whole frame: what was being written when the process ended. */
  readonly tornBytes: number;
}

/** Length of the lines, CRC-32 of all that follows it, number of events: three unsigned 32-bit numbers. */
const HEADER_BYTES = 12;
const CRC_AT = 4;
const COUNT_AT = 8;

/** Bytes that a record takes in a segment. */
export function frameBytes(lines: Buffer): number {
  return HEADER_BYTES + lines.length;
}

/**
 * Header of a frame; the lines follow it as they are. The checksum covers the count too, so that a tail of zeros, which
 * a file system may leave after a crash, is no frame.
 */
export function frameHeader({ lines, eventCount }: SpooledRecord): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(lines.length, 0);
  header.writeUInt32BE(eventCount, COUNT_AT);
  header.writeUInt32BE(crc32(lines, crc32(header.subarray(COUNT_AT))), CRC_AT);
  return header;
}

/** Reads whole frames from the start of a segment, up to the first that is not whole or not what was written. */
export function readFrames(segment: Buffer): ReadFrames {
  const records: SpooledRecord[] = [];
  let at = 0;
  while (segment.length - at >= HEADER_BYTES) {
    const end = at + HEADER_BYTES + segment.readUInt32BE(at);
    if (end > segment.length) break;
    if (crc32(segment.subarray(at + COUNT_AT, end)) !== segment.readUInt32BE(at + CRC_AT)) break;
    records.push({
      lines: segment.subarray(at + HEADER_BYTES, end),
      eventCount: segment.readUInt32BE(at + COUNT_AT),
    });
    at = end;
  }
  return { records, tornBytes: segment.length - at };
}
