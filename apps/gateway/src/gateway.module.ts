import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Registry } from 'prom-client';
import type { Catalogue } from '@rollcall/catalogue';
import { TOPICS } from '@rollcall/contracts-transport';
import { RecordProducer, awaitTopics, toKafkaSettings } from '@rollcall/kafka';
import type { Log } from '@rollcall/pipeline';
import { HealthModule, MetricsModule } from '@rollcall/service-kit';
import type { GatewayConfig } from './gateway.config.ts';
import { GatewayTelemetry } from './gateway.telemetry.ts';
import { ProduceProbe } from './health/produce-probe.ts';
import { IngestController } from './http/ingest.controller.ts';
import { IngestRequestHandler } from './http/ingest-request.ts';
import { declareEvents } from './ingest/declared-types.ts';
import { IngestService } from './ingest/ingest.service.ts';
import { RawTopic } from './ingest/raw-topic.ts';

/** What the gateway is made of, chosen in one place. */
export interface GatewayParts {
  readonly rawTopic: RawTopic;
  readonly telemetry: GatewayTelemetry;
  readonly probe: ProduceProbe;
  readonly requests: IngestRequestHandler;
  readonly registry: Registry;
}

async function connectProducer(config: GatewayConfig, log: Log): Promise<RecordProducer> {
  const settings = toKafkaSettings(config, 'rollcall-gateway');
  const partitionCounts = await awaitTopics(settings, [TOPICS.raw], log);
  // Few retries: a client waits for the answer, and what fails here is answered 503 and sent again.
  const producer = new RecordProducer({ settings, log, partitionCounts, retryCount: 2 });
  await producer.connect();
  return producer;
}

/** Builds the parts and connects to Kafka. Waits, and says so, until Kafka and the topics are there. */
export async function buildGateway(
  config: GatewayConfig,
  { catalogue, registry, log }: { catalogue: Catalogue; registry: Registry; log: Log },
): Promise<GatewayParts> {
  const rawTopic = new RawTopic(await connectProducer(config, log), {
    maxRecordBytes: config.GATEWAY_RECORD_MAX_BYTES,
    maxPendingBytes: config.GATEWAY_PENDING_MAX_BYTES,
    maxSendsUnderWay: config.GATEWAY_SENDS_UNDER_WAY,
    ackTimeoutMs: config.GATEWAY_ACK_TIMEOUT_MS,
  });
  const telemetry = new GatewayTelemetry(registry, log, () => rawTopic.pendingBytes);
  const probe = new ProduceProbe(() => rawTopic.append(Buffer.alloc(0), 0), Date.now);
  rawTopic.report(telemetry, probe);
  const declared = new Map([...catalogue.projects].map(([name, project]) => [name, declareEvents(project)]));
  const ingest = new IngestService({
    append: (lines, eventCount) => rawTopic.append(lines, eventCount),
    declared,
    maxEventBytes: config.GATEWAY_EVENT_MAX_BYTES,
  });
  const requests = new IngestRequestHandler(config, catalogue, ingest, telemetry);
  return { rawTopic, telemetry, probe, requests, registry };
}

/** Closes what Nest does not know of, after the HTTP server has answered its last request. */
class RawTopicCloser implements OnApplicationShutdown {
  constructor(private readonly rawTopic: RawTopic) {}

  onApplicationShutdown(): Promise<void> {
    return this.rawTopic.close();
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
      controllers: [IngestController],
      providers: [
        { provide: IngestRequestHandler, useValue: parts.requests },
        { provide: RawTopicCloser, useFactory: () => new RawTopicCloser(parts.rawTopic) },
      ],
    };
  }
}
