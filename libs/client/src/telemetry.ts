import { Delivery, toRequest } from './delivery.ts';
import { toEventText, type EventText } from './event-text.ts';
import { exchange } from './exchange.ts';
import { Installation } from './installation.ts';
import type { Settings } from './options.ts';
import type { ClientRequest, Surroundings } from './ports.ts';
import { quietly } from './quiet.ts';
import { toStatus, type ClientStatus, type Reason } from './status.ts';
import { within } from './timers.ts';

/** What the gateway would do with events, as it answers it. */
export interface DryRunAnswer {
  /** The rows as they would be stored. */
  readonly stored: readonly unknown[];
  readonly dropped: readonly { readonly path: string; readonly reason: string }[];
  readonly rejected: readonly { readonly index: number; readonly code: string }[];
}

/** One project's telemetry in one process. What it calls may throw; the facade around it does not let that out. */
export class Telemetry {
  readonly #settings: Settings;
  readonly #around: Surroundings;
  readonly #installation: Installation;
  readonly #delivery: Delivery;
  readonly #abort = new AbortController();
  readonly #stopListening: () => void;
  /** Stands for the id in what is only shown, as long as there is none. */
  #exampleId: string | undefined;
  #optOut: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(settings: Settings, around: Surroundings) {
    this.#settings = settings;
    this.#around = around;
    this.#installation = new Installation(around.storage, around.randomUuid);
    const { transport } = around;
    this.#delivery = new Delivery({ settings, transport, maySend: () => this.#maySend() });
    this.#stopListening = around.onLeave(() => void this.flush());
  }

  get #reason(): Reason {
    if (this.#isClosed) return 'closed';
    if (this.#around.refusal !== undefined) return this.#around.refusal;
    if (!this.#installation.isReadable) return 'unreadable-storage';
    return this.#installation.choice ?? 'default';
  }

  get #isOn(): boolean {
    return toStatus(this.#reason).isOn;
  }

  status(): ClientStatus {
    const { id } = this.#installation;
    return toStatus(this.#reason, { installationId: id, ...this.#delivery.counts });
  }

  capture(event: unknown, properties: unknown): void {
    if (!this.#isOn) return;
    if (this.#around.print === undefined)
      this.#delivery.add(this.#write(event, properties, this.#installation.obtainId()));
    else this.#print(this.preview(event, properties));
  }

  /** Exactly what `capture` would send for this event, had it been the only one. Nothing is stored. */
  preview(event: unknown, properties: unknown): ClientRequest | undefined {
    this.#exampleId ??= this.#around.randomUuid();
    const text = this.#write(event, properties, this.#installation.id ?? this.#exampleId);
    return text && toRequest(this.#settings, [text]);
  }

  /** Asks the gateway what it would keep. The installation's own id is not sent for it. */
  async dryRun(event: unknown, properties: unknown): Promise<DryRunAnswer | undefined> {
    const text = this.#write(event, properties, this.#around.randomUuid());
    if (text === undefined || !this.#isOn || this.#around.print !== undefined) return undefined;
    const request = toRequest(this.#settings, [text]);
    const headers = { ...request.headers, 'rollcall-dry-run': '1' };
    const timeoutMs = this.#settings.limits.requestTimeoutMs;
    const answer = await within(timeoutMs, this.#exchange({ ...request, headers }));
    return answer?.status === 200 ? (JSON.parse(answer.body) as DryRunAnswer) : undefined;
  }

  notice(): string | undefined {
    if (!this.#isOn || this.#installation.isNoticeShown) return undefined;
    this.#installation.markNoticeShown();
    return this.#settings.notice;
  }

  enable(): boolean {
    return this.#installation.choose('enabled');
  }

  disable(): boolean {
    const wasOn = this.#isOn;
    const isStored = this.#installation.choose('disabled');
    this.#delivery.discard();
    if (wasOn && this.#settings.countsOptOut && !this.#installation.isOptOutCounted) {
      this.#installation.markOptOutCounted();
      this.#countOptOut();
    }
    return isStored;
  }

  reset(): boolean {
    return this.#installation.replaceId(this.#isOn ? this.#around.randomUuid() : undefined);
  }

  async flush(timeoutMs = this.#settings.limits.requestTimeoutMs): Promise<void> {
    await Promise.all([this.#delivery.flush(timeoutMs), within(timeoutMs, this.#optOut)]);
  }

  async close(timeoutMs: number): Promise<void> {
    this.#stopListening();
    const flushed = this.flush(timeoutMs);
    this.#isClosed = true;
    await flushed;
    this.#delivery.discard();
    this.#abort.abort();
    quietly<unknown>(undefined, () => this.#around.transport.close?.());
  }

  #maySend(): boolean {
    this.#installation.refresh();
    const { isReadable, choice } = this.#installation;
    return isReadable && choice !== 'disabled';
  }

  #write(event: unknown, properties: unknown, installationId?: string): EventText | undefined {
    const parts = {
      event,
      eventId: this.#around.randomUuid(),
      installationId,
      occurredAt: new Date(),
      properties: [this.#settings.properties, properties],
    };
    return toEventText(parts, this.#settings.limits.maxEventBytes);
  }

  /** One try, and no identifier: not counting somebody is better than knowing who it was. */
  #countOptOut(): void {
    const request = { url: this.#settings.optOutUrl, headers: {}, body: '' };
    if (this.#around.print === undefined) this.#optOut = this.#exchange(request);
    else this.#print(request);
  }

  #print(request: ClientRequest | undefined): void {
    if (request !== undefined)
      quietly<unknown>(undefined, () => this.#around.print?.(toText(request)));
  }

  #exchange(request: ClientRequest): ReturnType<typeof exchange> {
    const { requestTimeoutMs: timeoutMs } = this.#settings.limits;
    return exchange(this.#around.transport, request, { timeoutMs, signal: this.#abort.signal });
  }
}

/** A request as a person reads it. */
function toText({ url, headers, body }: ClientRequest): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`POST ${url}`, ...lines, '', body, ''].join('\n');
}
