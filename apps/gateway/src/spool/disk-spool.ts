import { readFile, rm } from 'node:fs/promises';
import { RollcallError } from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';
import { frameBytes, readFrames, type SpooledRecord } from './frame.ts';
import { SegmentWriter, type Segment } from './segment-writer.ts';
import { SpoolFolder } from './spool-folder.ts';

export interface SpoolOptions {
  /** Folder that gateways may share. */
  readonly dir: string;
  readonly maxBytes: number;
  readonly log: Log;
}

/** A segment read back. */
export interface ReadSegment {
  readonly segment: Segment;
  readonly records: readonly SpooledRecord[];
}

const SEGMENT_BYTES = 4 * 1_048_576;
const RENEW_MS = 10_000;
/** What a dead instance left was acknowledged: it waits for nothing but to be found. */
const ADOPT_MS = 1_000;

/**
 * Records that Kafka did not take, on disk until it does.
 *
 * Guarantee: a resolved `append` survives `kill -9` and a power cut (as far as the disk's own sync does). At most
 * `maxBytes` lie there. Segments are read oldest first and are removed only when the caller says so; a segment that is
 * read again after a crash holds the same events with the same ids.
 * @see docs/adr/0012-disk-spool.md
 */
export class DiskSpool {
  readonly #options: SpoolOptions;
  readonly #folder: SpoolFolder;
  readonly #writer: SegmentWriter;
  readonly #sealed: Segment[] = [];
  readonly #chores: readonly NodeJS.Timeout[];
  /** Of whole segments and of what is being written. */
  #bytes = 0;
  #hasRoom = true;
  #adopting: Promise<void> | undefined;

  private constructor(options: SpoolOptions, folder: SpoolFolder) {
    this.#options = options;
    this.#folder = folder;
    this.#writer = new SegmentWriter({
      dir: folder.dir,
      segmentBytes: Math.min(SEGMENT_BYTES, Math.ceil(options.maxBytes / 4)),
      sealed: (segment) => this.#sealed.push(segment),
    });
    this.#chores = [
      setInterval(() => void this.#look(() => this.#folder.renew()), RENEW_MS),
      setInterval(() => void this.#look(() => this.#adopt()), ADOPT_MS),
    ];
    for (const chore of this.#chores) chore.unref();
  }

  /** @throws what the file system says when the folder cannot be written to: start-up stops there. */
  static async open(options: SpoolOptions): Promise<DiskSpool> {
    const spool = new DiskSpool(options, await SpoolFolder.claim(options.dir));
    await spool.#adopt();
    return spool;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False from when something had no room until a segment was removed. */
  get hasRoom(): boolean {
    return this.#hasRoom;
  }

  /** @throws GW_UNAVAILABLE when the spool is full or the disk refuses. */
  async append(record: SpooledRecord): Promise<void> {
    const bytes = frameBytes(record.lines);
    this.#hasRoom = this.#bytes + bytes <= this.#options.maxBytes;
    if (!this.#hasRoom) throw new RollcallError('GW_UNAVAILABLE', 'the spool is full');
    this.#bytes += bytes;
    try {
      await this.#writer.append(record);
    } catch (cause) {
      this.#bytes -= bytes;
      throw new RollcallError('GW_UNAVAILABLE', 'the spool cannot be written', { cause });
    }
  }

  /** The oldest segment there is; undefined when the spool is empty. */
  async oldest(): Promise<ReadSegment | undefined> {
    if (this.#sealed.length === 0) await this.#writer.seal();
    const segment = this.#sealed[0];
    if (segment === undefined) return undefined;
    const { records, tornBytes } = readFrames(await readFile(segment.path));
    if (tornBytes > 0)
      this.#options.log.warn('Cut the torn end of a spool segment; it was never acknowledged.', {
        bytes: tornBytes,
      });
    return { segment, records };
  }

  /** Removes a segment whose records Kafka has. */
  async remove(segment: Segment): Promise<void> {
    await rm(segment.path, { force: true });
    this.#sealed.splice(this.#sealed.indexOf(segment), 1);
    this.#bytes = Math.max(0, this.#bytes - segment.bytes);
    this.#hasRoom = true;
  }

  /** What is left is taken over by the next instance. */
  async close(): Promise<void> {
    for (const chore of this.#chores) clearInterval(chore);
    await this.#adopting;
    await this.#writer.seal();
    await this.#folder.leave();
  }

  #adopt(): Promise<void> {
    // one at a time: on a slow disk a look may outlast the pause between two
    this.#adopting ??= this.#adoptNow().finally(() => {
      this.#adopting = undefined;
    });
    return this.#adopting;
  }

  async #adoptNow(): Promise<void> {
    const segments = await this.#folder.adopt();
    if (segments.length === 0) return this.#folder.tidy();
    const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
    this.#bytes += bytes;
    this.#sealed.unshift(...segments);
    this.#options.log.info('Took over the spool of an instance that is gone.', { bytes });
  }

  async #look(after: () => Promise<void>): Promise<void> {
    try {
      await after();
    } catch {
      this.#options.log.warn('Cannot look after the spool folder.');
    }
  }
}
