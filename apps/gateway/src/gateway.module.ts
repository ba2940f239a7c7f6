import { setTimeout as sleep } from 'node:timers/promises';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Registry } from 'prom-client';
import type { Catalogue } from '@rollcall/catalogue';
import { createClickHouse, toClickHouseSettings, type ClickHouse } from '@rollcall/clickhouse';
import { RollcallError, TOPICS } from '@rollcall/contracts-transport';
import { RecordProducer, awaitTopics, toKafkaSettings, type ProducedRecord } from '@rollcall/kafka';
import type { Log } from '@rollcall/pipeline';
import { HealthModule, MetricsModule } from '@rollcall/service-kit';
import { RateLimits } from './admission/rate-limits.ts';
import type { GatewayConfig } from './gateway.config.ts';
import { ErasureService, type ErasureParts } from './erasure/erasure.service.ts';
import { Receipts, readReceiptKey } from './erasure/receipts.ts';
import { GatewayTelemetry } from './gateway.telemetry.ts';
import { ProduceProbe } from './health/produce-probe.ts';
import { ErasureController, ErasureDesk } from './http/erasure.controller.ts';
import { IngestController } from './http/ingest.controller.ts';
import { IngestRequestHandler } from './http/ingest-request.ts';
import { ProjectController } from './http/project.controller.ts';
import { ProjectPages } from './http/project-pages.ts';
import { declareEvents } from './ingest/declared-types.ts';
import { DryRunService } from './ingest/dry-run.service.ts';
import { IngestService } from './ingest/ingest.service.ts';
import { RawTopic } from './ingest/raw-topic.ts';
import { RejectedTopic } from './ingest/rejected-topic.ts';
import { Spooling } from './spool/spooling.ts';

/** What the gateway is made of, chosen in one place. */
export interface GatewayParts {
  readonly rawTopic: RawTopic;
  readonly rejectedTopic: RejectedTopic;
  readonly spooling: Spooling;
  readonly telemetry: GatewayTelemetry;
  readonly probe: ProduceProbe;
  readonly requests: IngestRequestHandler;
  readonly pages: ProjectPages;
  readonly erasures: ErasureDesk;
  /** How far erasures are; undefined without a user for it. */
  readonly receiptStore: ClickHouse | undefined;
  readonly registry: Registry;
  /** Resolves when events can be stored. The gateway listens before: it answers 503 then, and says it lives. */
  connect(): Promise<void>;
}

export interface GatewayNeeds {
  readonly catalogue: Catalogue;
  readonly registry: Registry;
  readonly log: Log;
}

async function connectProducer(config: GatewayConfig, log: Log): Promise<RecordProducer> {
  const settings = toKafkaSettings(config, 'rollcall-gateway');
  const partitionCounts = await awaitTopics(
    settings,
    [TOPICS.raw, TOPICS.rejected, TOPICS.erasure],
    log,
  );
  // Few retries: a client waits for the answer, and what fails here is answered 503 and sent again.
  const producer = new RecordProducer({ settings, log, partitionCounts, retryCount: 2 });
  await producer.connect();
  return producer;
}

function createRawTopic(config: GatewayConfig): RawTopic {
  return new RawTopic({
    maxRecordBytes: config.GATEWAY_RECORD_MAX_BYTES,
    maxPendingBytes: config.GATEWAY_PENDING_MAX_BYTES,
    maxSendsUnderWay: config.GATEWAY_SENDS_UNDER_WAY,
    ackTimeoutMs: config.GATEWAY_ACK_TIMEOUT_MS,
    spoolAfterMs: config.GATEWAY_SPOOL_AFTER_MS,
  });
}

function openReceiptStore(config: GatewayConfig): ClickHouse | undefined {
  const password = config.GATEWAY_RECEIPTS_PASSWORD?.reveal();
  if (password === undefined) return undefined;
  const user = { username: config.GATEWAY_RECEIPTS_USER, password };
  return createClickHouse(toClickHouseSettings(config, user));
}

function createErasures(
  config: GatewayConfig,
  send: ErasureParts['send'],
  store: ClickHouse | undefined,
): ErasureService {
  const receipts = new Receipts(readReceiptKey(config.GATEWAY_RECEIPT_KEY_FILE));
  return new ErasureService({ receipts, send, store, clock: Date.now });
}

/** Looks up events by their names in the catalogue. */
function declareAll({ projects }: Catalogue): Map<string, ReturnType<typeof declareEvents>> {
  return new Map([...projects].map(([name, project]) => [name, declareEvents(project)]));
}

function createProbe(rawTopic: RawTopic): ProduceProbe {
  return new ProduceProbe({
    produce: () => rawTopic.append(Buffer.alloc(0), 0),
    isSpooling: () => rawTopic.isSpooling,
    clock: Date.now,
  });
}

/** Builds the parts; nothing is connected yet. */
export function buildGateway(
  config: GatewayConfig,
  { catalogue, registry, log }: GatewayNeeds,
): GatewayParts {
  let producer: RecordProducer | undefined;
  const rawTopic = createRawTopic(config);
  const send = (topic: string, record: ProducedRecord): Promise<void> => {
    if (producer === undefined) return Promise.reject(new RollcallError('KFK_UNAVAILABLE'));
    return producer.send(topic, undefined, [record]);
  };
  const rejectedTopic = new RejectedTopic(send, Date.now);
  const telemetry = new GatewayTelemetry({
    registry,
    log,
    pendingBytes: () => rawTopic.pendingBytes,
    spoolBytes: () => rawTopic.spoolBytes,
    writeRejection: (project, code, count) => rejectedTopic.count(project, code, count),
  });
  const probe = createProbe(rawTopic);
  rawTopic.report(telemetry, probe);
  const ingest = new IngestService({
    append: (lines, eventCount) => rawTopic.append(lines, eventCount),
    declared: declareAll(catalogue),
    maxEventBytes: config.GATEWAY_EVENT_MAX_BYTES,
  });
  const spooling = new Spooling({ config, log, rawTopic, telemetry });
  const limits = new RateLimits(config, Date.now);
  const receiptStore = openReceiptStore(config);
  const dryRun = new DryRunService(ingest, catalogue.projects);
  return {
    rawTopic,
    rejectedTopic,
    spooling,
    telemetry,
    probe,
    registry,
    requests: new IngestRequestHandler({ config, catalogue, ingest, dryRun, telemetry, limits }),
    pages: new ProjectPages(catalogue, ingest, telemetry),
    erasures: new ErasureDesk(createErasures(config, send, receiptStore), limits, telemetry),
    receiptStore,
    connect: async () => {
      await spooling.start();
      producer = await connectProducer(config, log);
      rawTopic.connected(producer);
      log.info('Connected to Kafka.');
    },
  };
}

/** A Kafka that hangs must not keep the rest from being closed in time. */
const CLOSE_LIMIT_MS = 1_000;

function within(limitMs: number, work: Promise<void>): Promise<void> {
  return Promise.race([work, sleep(limitMs, undefined, { ref: false })]);
}

/** Closes what Nest does not know of, after the HTTP server has answered its last request. */
class TopicsCloser implements OnApplicationShutdown {
  constructor(private readonly parts: GatewayParts) {}

  async onApplicationShutdown(): Promise<void> {
    // the replay first: what it holds stays on disk; then what is still gathered goes to Kafka, or to disk
    await within(CLOSE_LIMIT_MS, this.parts.spooling.stopReplay());
    await within(CLOSE_LIMIT_MS, this.parts.rejectedTopic.close());
    await this.parts.rawTopic.close();
    await this.parts.spooling.close();
    await this.parts.receiptStore?.close();
  }
}

@Module({})
export class GatewayModule {
  static of(parts: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      imports: [
        HealthModule.of({ inject: [], readiness: () => [parts.probe] }),
        MetricsModule.over(parts.registry),
      ],
      // the catch-all of the ingest controller comes last
      controllers: [ProjectController, ErasureController, IngestController],
      providers: [
        { provide: IngestRequestHandler, useValue: parts.requests },
        { provide: ErasureDesk, useValue: parts.erasures },
        { provide: ProjectPages, useValue: parts.pages },
        { provide: TopicsCloser, useFactory: () => new TopicsCloser(parts) },
      ],
    };
  }
}
