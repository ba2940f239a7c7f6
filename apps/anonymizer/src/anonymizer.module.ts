import { join } from 'node:path';
import {
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Registry } from 'prom-client';
import type { Catalogue } from '@rollcall/catalogue';
import { GROUPS } from '@rollcall/contracts-transport';
import {
  TransactionalOutput,
  replayRecords,
  toKafkaSettings,
  type KafkaSettings,
} from '@rollcall/kafka';
import { KafkaBatchServer } from '@rollcall/kafka/transport';
import type { Log } from '@rollcall/pipeline';
import { compilePolicy, createAnonymizer } from '@rollcall/privacy';
import {
  HealthModule,
  MetricsModule,
  exitOnFatal,
  watchConsumer,
  type Readiness,
} from '@rollcall/service-kit';
import type { AnonymizerConfig } from './anonymizer.config.ts';
import { AnonymizerController } from './anonymizer.controller.ts';
import { AnonymizerPipeline } from './anonymizer.pipeline.ts';
import { AnonymizerTelemetry } from './anonymizer.telemetry.ts';
import { ErasurePipeline } from './erasure/erasure.pipeline.ts';
import { ErasureTelemetry } from './erasure/erasure.telemetry.ts';
import { anonymizerReadiness } from './health/anonymizer-readiness.ts';
import { KeySource } from './keys/key-source.ts';
import { RowTopics } from './output/row-topics.ts';
import { ReplayController } from './replay/replay.controller.ts';
import { ReplayService } from './replay/replay.service.ts';
import { ReplayTelemetry } from './replay/replay.telemetry.ts';

/** What the anonymizer is made of, chosen in one place. */
export interface AnonymizerParts {
  readonly kafka: KafkaSettings;
  readonly keys: KeySource;
  readonly topics: RowTopics;
  readonly output: TransactionalOutput;
  readonly pipeline: AnonymizerPipeline;
  readonly erasures: ErasurePipeline;
  readonly replays: ReplayService;
  readonly server: KafkaBatchServer;
  readonly readiness: readonly Readiness[];
  readonly registry: Registry;
  /** Aborted when the service begins to stop: ends waiting for what it stands on. */
  readonly stopping: AbortController;
}

export interface Surroundings {
  readonly catalogue: Catalogue;
  readonly registry: Registry;
  readonly log: Log;
}

/**
 * Builds the parts. Nothing connects yet, so that health answers from the first moment.
 *
 * @throws AN_KEYRING_MISSING, AN_KEYRING_INVALID: without keys nothing may pass
 */
export function buildAnonymizer(
  config: AnonymizerConfig,
  surroundings: Surroundings,
): AnonymizerParts {
  const { catalogue, registry, log } = surroundings;
  const kafka = toKafkaSettings(config, 'rollcall-anonymizer');
  const telemetry = new AnonymizerTelemetry({ registry, log, clock: Date.now });
  const keys = openKeys(config, catalogue, telemetry);
  const topics = new RowTopics();
  const output = createOutput(kafka, log);
  const server = createServer(config, kafka, log);
  watchConsumer(registry, 'anonymizer', server, Date.now);
  const policies = compileAll(catalogue);
  const pipeline = new AnonymizerPipeline({
    anonymize: createAnonymizer({ policies, keysOf: keys.keysOf }),
    topics,
    output,
    reports: telemetry,
    isProject: (name) => policies.has(name),
    maxWindowBytes: config.ANONYMIZER_WINDOW_MAX_BYTES,
  });
  const erasures = new ErasurePipeline({
    keysOf: keys.keysOf,
    output,
    topics,
    reports: new ErasureTelemetry(registry, log),
  });
  const readiness = anonymizerReadiness({
    areTopicsKnown: () => topics.areKnown,
    consumer: () => server.health(),
    clock: Date.now,
    stuckAfterMs: config.ANONYMIZER_STUCK_AFTER_MS,
  });
  const stopping = new AbortController();
  return {
    kafka,
    keys,
    topics,
    output,
    pipeline,
    erasures,
    replays: createReplays(kafka, surroundings, stopping.signal),
    server,
    readiness,
    registry,
    stopping,
  };
}

function compileAll({ projects }: Catalogue): Map<string, ReturnType<typeof compilePolicy>> {
  return new Map([...projects].map(([name, project]) => [name, compilePolicy(project)]));
}

function createOutput(settings: KafkaSettings, log: Log): TransactionalOutput {
  return new TransactionalOutput({
    settings,
    groupId: GROUPS.anonymizer,
    idPrefix: 'rollcall-anonymizer',
    log,
  });
}

function createReplays(
  settings: KafkaSettings,
  { registry, log }: Surroundings,
  signal: AbortSignal,
): ReplayService {
  return new ReplayService({
    replay: (replay) => replayRecords(replay, settings, log),
    telemetry: new ReplayTelemetry(registry, log),
    signal,
  });
}

function openKeys(
  config: AnonymizerConfig,
  catalogue: Catalogue,
  reports: AnonymizerTelemetry,
): KeySource {
  return new KeySource({
    file: config.ROLLCALL_KEYRING_FILE ?? join(config.ROLLCALL_DATA_DIR, 'keyring.json'),
    projects: [...catalogue.projects.keys()],
    allowGroupRead: config.ROLLCALL_KEYRING_ALLOW_GROUP_READ,
    reports,
  });
}

function createServer(
  config: AnonymizerConfig,
  settings: KafkaSettings,
  log: Log,
): KafkaBatchServer {
  return new KafkaBatchServer({
    settings,
    groupId: GROUPS.anonymizer,
    fetch: {
      minBytes: config.ANONYMIZER_FETCH_MIN_BYTES,
      maxBytes: config.ANONYMIZER_FETCH_MAX_BYTES,
      maxBytesPerPartition: config.ANONYMIZER_FETCH_PARTITION_BYTES,
      maxWaitMs: config.ANONYMIZER_FETCH_MAX_WAIT_MS,
    },
    sessionTimeoutMs: config.ANONYMIZER_SESSION_TIMEOUT_MS,
    partitionsConcurrently: config.ANONYMIZER_PARTITIONS_CONCURRENTLY,
    log,
    onFatal: exitOnFatal(log),
  });
}

/** Stops and closes what Nest does not know of: waiting first, the producers after the consumer has left its group. */
class PartsCloser implements OnModuleDestroy, OnApplicationShutdown {
  constructor(private readonly parts: AnonymizerParts) {}

  onModuleDestroy(): void {
    this.parts.stopping.abort();
    this.parts.keys.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parts.output.close();
  }
}

@Module({})
export class AnonymizerModule {
  static of(parts: AnonymizerParts): DynamicModule {
    return {
      module: AnonymizerModule,
      imports: [
        HealthModule.of({ inject: [], readiness: () => parts.readiness }),
        MetricsModule.over(parts.registry),
      ],
      controllers: [AnonymizerController, ReplayController],
      providers: [
        { provide: AnonymizerPipeline, useValue: parts.pipeline },
        { provide: ErasurePipeline, useValue: parts.erasures },
        { provide: ReplayService, useValue: parts.replays },
        { provide: PartsCloser, useFactory: () => new PartsCloser(parts) },
      ],
    };
  }
}
