import {
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Registry } from 'prom-client';
import {
  createClickHouse,
  findSchemaGap,
  toClickHouseSettings,
  type ClickHouse,
} from '@rollcall/clickhouse';
import { GROUPS } from '@rollcall/contracts-transport';
import { toKafkaSettings, type KafkaSettings } from '@rollcall/kafka';
import { KafkaBatchServer } from '@rollcall/kafka/transport';
import type { Log } from '@rollcall/pipeline';
import {
  HealthModule,
  MetricsModule,
  exitOnFatal,
  watchConsumer,
  type Readiness,
} from '@rollcall/service-kit';
import { DeadLetters } from './dead-letters.ts';
import { ErasureTelemetry } from './erasure/erasure.telemetry.ts';
import { Eraser } from './erasure/eraser.ts';
import { erasureGate } from './erasure/erasure-gate.ts';
import { ErasureLoop } from './erasure/erasure-loop.ts';
import { Tombstones } from './erasure/tombstones.ts';
import { sinkReadiness } from './health/sink-readiness.ts';
import { PatientInsert } from './insert/patient-insert.ts';
import { LazyProducer } from './lazy-producer.ts';
import type { SinkConfig } from './sink.config.ts';
import { SinkController } from './sink.controller.ts';
import { SinkPipeline } from './sink.pipeline.ts';
import { SinkTelemetry } from './sink.telemetry.ts';

/** What the sink is made of, chosen in one place. */
export interface SinkParts {
  readonly clickhouse: ClickHouse;
  readonly kafka: KafkaSettings;
  readonly producer: LazyProducer;
  readonly pipeline: SinkPipeline;
  /** Undefined where this sink has no user that may delete. */
  readonly erasures: ErasureLoop | undefined;
  readonly readiness: readonly Readiness[];
  readonly registry: Registry;
  readonly server: KafkaBatchServer;
  /** Aborted when the service begins to stop: ends waiting for what it stands on. */
  readonly stopping: AbortController;
}

/** Builds the parts. Nothing connects yet, so that health answers from the first moment. */
export function buildSink(config: SinkConfig, registry: Registry, log: Log): SinkParts {
  const kafka = toKafkaSettings(config, 'rollcall-sink');
  const user = { username: config.CLICKHOUSE_USER, password: config.CLICKHOUSE_PASSWORD.reveal() };
  const clickhouse = createClickHouse(toClickHouseSettings(config, user));
  const telemetry = new SinkTelemetry({ registry, log, clock: Date.now });
  const inserts = new PatientInsert(
    erasureGate(
      ({ table, chunks, token }) => clickhouse.insertLines(table, chunks, { token }),
      new Tombstones(clickhouse),
    ),
    telemetry,
  );
  const server = createServer({ config, kafka, log }, () => inserts.waitingSince);
  watchConsumer(registry, 'sink', server, Date.now);
  const producer = new LazyProducer(kafka, log);
  const pipeline = new SinkPipeline({
    inserts,
    deadLetters: new DeadLetters(producer.send),
    telemetry,
    limits: { maxRows: config.SINK_BATCH_MAX_ROWS, maxBytes: config.SINK_BATCH_MAX_BYTES },
    clock: Date.now,
  });
  const readiness = sinkReadiness({
    findSchemaGap: () => findSchemaGap(clickhouse),
    consumer: () => server.health(),
    clock: Date.now,
    stuckAfterMs: config.SINK_STUCK_AFTER_MS,
  });
  return {
    clickhouse,
    kafka,
    producer,
    pipeline,
    erasures: createErasures(config, new ErasureTelemetry(registry, log)),
    readiness,
    registry,
    server,
    stopping: new AbortController(),
  };
}

interface ServerSurroundings {
  readonly config: SinkConfig;
  readonly kafka: KafkaSettings;
  readonly log: Log;
}

function createErasures(config: SinkConfig, telemetry: ErasureTelemetry): ErasureLoop | undefined {
  const password = config.SINK_ERASER_PASSWORD?.reveal();
  if (password === undefined) return undefined;
  const user = { username: config.SINK_ERASER_USER, password };
  const store = createClickHouse(toClickHouseSettings(config, user));
  const eraser = new Eraser(store, telemetry, {
    verifyAfterMs: config.SINK_ERASURE_VERIFY_AFTER_MS,
    sweepEveryMs: config.SINK_ERASURE_SWEEP_EVERY_MS,
  });
  return new ErasureLoop({ eraser, store, telemetry, everyMs: config.SINK_ERASURE_EVERY_MS });
}

function createServer(
  { config, kafka: settings, log }: ServerSurroundings,
  waitingSince: () => number | undefined,
): KafkaBatchServer {
  return new KafkaBatchServer({
    settings,
    groupId: GROUPS.sink,
    fetch: {
      minBytes: config.SINK_FETCH_MIN_BYTES,
      maxBytes: config.SINK_FETCH_MAX_BYTES,
      maxBytesPerPartition: config.SINK_FETCH_PARTITION_BYTES,
      maxWaitMs: config.SINK_BATCH_MAX_AGE_MS,
    },
    sessionTimeoutMs: config.SINK_SESSION_TIMEOUT_MS,
    partitionsConcurrently: config.SINK_PARTITIONS_CONCURRENTLY,
    waitingSince,
    log,
    onFatal: exitOnFatal(log),
  });
}

/** Stops and closes what Nest does not know of: waiting first, connections after the consumer has left its group. */
class PartsCloser implements OnModuleDestroy, OnApplicationShutdown {
  constructor(private readonly parts: SinkParts) {}

  onModuleDestroy(): void {
    this.parts.stopping.abort();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([
      this.parts.producer.close(),
      this.parts.clickhouse.close(),
      this.parts.erasures?.close(),
    ]);
  }
}

@Module({})
export class SinkModule {
  static of(parts: SinkParts): DynamicModule {
    return {
      module: SinkModule,
      imports: [
        HealthModule.of({ inject: [], readiness: () => parts.readiness }),
        MetricsModule.over(parts.registry),
      ],
      controllers: [SinkController],
      providers: [
        { provide: SinkPipeline, useValue: parts.pipeline },
        { provide: PartsCloser, useFactory: () => new PartsCloser(parts) },
      ],
    };
  }
}
