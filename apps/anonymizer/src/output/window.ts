import { TABLES, type Rejection } from '@rollcall/contracts-transport';
import type { ProducedRecord } from '@rollcall/kafka';
import type { EncodedEvent } from '@rollcall/privacy';
import { RecordValues } from './record-values.ts';

/** What some raw records of one partition became: rows that are produced together, and then committed. */
export class Window {
  readonly #events = new RecordValues(TABLES.events);
  readonly #samples = new RecordValues(TABLES.metricSamples);
  readonly #rejectionLines = new RecordValues(TABLES.rejections);
  readonly #rejections: Rejection[] = [];
  readonly #eventCounts = new Map<string, number>();
  #recordCount = 0;

  addEvent(project: string, { eventLine, sampleLines }: EncodedEvent): void {
    this.#events.add(eventLine);
    for (const line of sampleLines) this.#samples.add(line);
    this.#eventCounts.set(project, (this.#eventCounts.get(project) ?? 0) + 1);
  }

  /** A raw record is done with: these are its rejections. */
  endRecord(rejections: readonly Rejection[]): void {
    this.#recordCount += 1;
    for (const rejection of rejections) {
      this.#rejections.push(rejection);
      this.#rejectionLines.add(`${JSON.stringify(rejection)}\n`);
    }
  }

  /** Bytes of rows so far. */
  get byteCount(): number {
    return this.#events.byteCount + this.#samples.byteCount + this.#rejectionLines.byteCount;
  }

  get recordCount(): number {
    return this.#recordCount;
  }

  /** Anonymized events by project. */
  get eventCounts(): ReadonlyMap<string, number> {
    return this.#eventCounts;
  }

  get rejections(): readonly Rejection[] {
    return this.#rejections;
  }

  rowRecords(): readonly ProducedRecord[] {
    return [...this.#events.toRecords(), ...this.#samples.toRecords()];
  }

  rejectionRecords(): readonly ProducedRecord[] {
    return this.#rejectionLines.toRecords();
  }
}
