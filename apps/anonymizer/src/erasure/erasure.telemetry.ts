import { Counter, type Registry } from 'prom-client';
import type { Log } from '@rollcall/pipeline';

/** What happens to requests for erasure, in counts and coordinates. */
export class ErasureTelemetry {
  readonly #log: Log;
  readonly #orders: Counter;
  readonly #unreadable: Counter;

  constructor(registry: Registry, log: Log) {
    this.#log = log;
    const registers = [registry];
    this.#orders = new Counter({
      name: 'anonymizer_erasure_orders_total',
      help: 'Requests for erasure handed on as orders',
      registers,
    });
    this.#unreadable = new Counter({
      name: 'anonymizer_erasures_unreadable_total',
      help: 'Records of the erasure topic that are no request, or of a project without keys',
      registers,
    });
  }

  erasuresHandedOn(count: number): void {
    this.#orders.inc(count);
  }

  erasureUnreadable(partition: number, offset: string): void {
    this.#unreadable.inc();
    this.#log.warn('A record of the erasure topic could not be read.', { partition, offset });
  }
}
