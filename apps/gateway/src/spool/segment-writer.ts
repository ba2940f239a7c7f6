import { open, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { frameBytes, frameHeader, type SpooledRecord } from './frame.ts';

/** A file of frames. */
export interface Segment {
  readonly path: string;
  readonly bytes: number;
}

interface Waiter {
  readonly record: SpooledRecord;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface OpenSegment {
  readonly path: string;
  readonly file: FileHandle;
  bytes: number;
}

export interface WriterOptions {
  readonly dir: string;
  /** A segment that is this long is closed and the next begun. */
  readonly segmentBytes: number;
  /** Told of every segment that will not grow any more, in order. */
  readonly sealed: (segment: Segment) => void;
}

/** A new file is only there after a crash when its folder was synced too. */
async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Appends records to segment files.
 *
 * Guarantee: a resolved `append` is on the disk, synced; records that come while a sync is under way share the next
 * one. Order of the calls is the order in the files. After a failed write the segment is closed: its end is not
 * trusted, and a reader cuts it there.
 */
export class SegmentWriter {
  readonly #options: WriterOptions;
  #waiting: Waiter[] = [];
  /** Writes and seals, one after the other. */
  #tail: Promise<unknown> = Promise.resolve();
  #current: OpenSegment | undefined;
  #next = 1;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** @throws what the file system says: nothing of the record counts as stored then. */
  append(record: SpooledRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, resolve, reject });
      // what comes before its turn goes with it
      if (this.#waiting.length === 1) void this.#inTurn(() => this.#writeGroup());
    });
  }

  /** Closes the segment that is being written, so that it can be read. */
  seal(): Promise<void> {
    return this.#inTurn(() => this.#seal());
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#tail.then(work);
    this.#tail = done;
    return done;
  }

  async #writeGroup(): Promise<void> {
    const group = this.#waiting;
    this.#waiting = [];
    try {
      await this.#write(group.map(({ record }) => record));
      for (const { resolve } of group) resolve();
    } catch (error) {
      await this.#seal();
      for (const { reject } of group) reject(error);
    }
  }

  async #write(records: readonly SpooledRecord[]): Promise<void> {
    this.#current ??= await this.#open();
    const segment = this.#current;
    const bytes = records.reduce((sum, { lines }) => sum + frameBytes(lines), 0);
    const buffers = records.flatMap((record) => [frameHeader(record), record.lines]);
    const { bytesWritten } = await segment.file.writev(buffers);
    if (bytesWritten !== bytes) throw new Error('the disk took less than was written');
    await segment.file.datasync();
    segment.bytes += bytes;
    if (segment.bytes >= this.#options.segmentBytes) await this.#seal();
  }

  async #open(): Promise<OpenSegment> {
    const path = join(this.#options.dir, `${String(this.#next).padStart(8, '0')}.segment`);
    this.#next += 1;
    const file = await open(path, 'ax', 0o600);
    await syncFolder(dirname(path));
    return { path, file, bytes: 0 };
  }

  async #seal(): Promise<void> {
    const segment = this.#current;
    if (segment === undefined) return;
    this.#current = undefined;
    await segment.file.close().catch(() => undefined);
    // a disk that refuses is asked again and again: nothing may be left of that
    if (segment.bytes === 0) await rm(segment.path, { force: true }).catch(() => undefined);
    else this.#options.sealed({ path: segment.path, bytes: segment.bytes });
  }
}
