import { randomBytes } from 'node:crypto';
import type { ConsumedRecord, ResumableBatch } from '@rollcall/kafka';
import type { Origin } from '../batch/batch-identity.ts';
import { parseNote, type Intent } from './offset-note.ts';

const LIFE_BYTES = 16;

/** What the sink knows of a partition for as long as it owns it. */
export class PartitionLedger {
  readonly generation: number;
  readonly origin: Origin;
  /** What the last owner wrote down and did not commit. */
  readonly intent: Intent | undefined;
  #nextOffset: bigint;
  #gathered: ConsumedRecord[] | undefined;

  constructor(generation: number, origin: Origin, nextOffset: bigint, intent: Intent | undefined) {
    this.generation = generation;
    this.origin = origin;
    this.intent = intent;
    this.#nextOffset = nextOffset;
    this.#gathered = intent && [];
  }

  /** Whether a batch follows what was seen. Offsets that go back mean another position, or another life of the topic. */
  isFollowedBy({ generation, records, lastOffset }: ResumableBatch): boolean {
    return (
      generation === this.generation && BigInt(records[0]?.offset ?? lastOffset) >= this.#nextOffset
    );
  }

  /**
   * Takes the records of a batch.
   *
   * @returns undefined while the intent is not complete: the next batch is wanted first. Otherwise the records of the
   * intent, once, and those after it.
   */
  take({ records, lastOffset }: ResumableBatch): Taken | undefined {
    this.#nextOffset = BigInt(lastOffset) + 1n;
    const { intent } = this;
    if (intent === undefined || this.#gathered === undefined)
      return { intended: undefined, rest: records };
    const end = BigInt(intent.last);
    const isWithin = ({ offset }: ConsumedRecord): boolean => BigInt(offset) <= end;
    const start = BigInt(intent.first);
    this.#gathered.push(
      ...records.filter((each) => isWithin(each) && BigInt(each.offset) >= start),
    );
    if (BigInt(lastOffset) < end) return undefined;
    const intended = { intent, records: this.#gathered };
    this.#gathered = undefined;
    return { intended, rest: records.filter((each) => !isWithin(each)) };
  }
}

/** Records of an intent and records that nothing was intended with yet. */
export interface Taken {
  readonly intended:
    { readonly intent: Intent; readonly records: readonly ConsumedRecord[] } | undefined;
  readonly rest: readonly ConsumedRecord[];
}

/**
 * The ledgers of the partitions in hand. One is read from the broker with the first batch of a partition in a generation,
 * and again after every failure, since nothing is known then.
 */
export class PartitionLedgers {
  readonly #ledgers = new Map<string, PartitionLedger>();

  async open(batch: ResumableBatch): Promise<PartitionLedger> {
    const key = keyOf(batch);
    const known = this.#ledgers.get(key);
    if (known?.isFollowedBy(batch) === true) return known;
    const ledger = await readLedger(batch);
    this.#ledgers.set(key, ledger);
    return ledger;
  }

  forget(batch: ResumableBatch, ledger: PartitionLedger | undefined): void {
    const key = keyOf(batch);
    if (this.#ledgers.get(key) === ledger) this.#ledgers.delete(key);
  }
}

function keyOf({ topic, partition }: ResumableBatch): string {
  return `${topic}/${partition}`;
}

async function readLedger(batch: ResumableBatch): Promise<PartitionLedger> {
  const { clusterId, offset, metadata } = await batch.position();
  const { topic, partition, generation } = batch;
  // Kafka forgets the position of a topic that is deleted, and with it the name of its life.
  const note = offset === undefined ? undefined : parseNote(metadata);
  const life = note?.life ?? randomBytes(LIFE_BYTES).toString('hex');
  const next = BigInt(offset ?? 0);
  const intent = note?.intent;
  const isOpen = intent !== undefined && BigInt(intent.last) >= next;
  return new PartitionLedger(
    generation,
    { clusterId, topic, life, partition },
    next,
    isOpen ? intent : undefined,
  );
}
