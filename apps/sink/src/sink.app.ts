import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { awaitSchema } from '@rollcall/clickhouse';
import { TOPICS } from '@rollcall/contracts-transport';
import { awaitTopics } from '@rollcall/kafka';
import { NestLog, type Service, type createLog } from '@rollcall/service-kit';
import type { SinkConfig } from './sink.config.ts';
import { SinkModule, type SinkParts } from './sink.module.ts';

type ServiceLog = ReturnType<typeof createLog>;

/**
 * The sink as a service: health and metrics listen at once, consuming begins when the tables and the topics are there.
 * A sink that starts before ClickHouse or Kafka waits and says so.
 */
export async function createSinkService(
  config: SinkConfig,
  parts: SinkParts,
  log: ServiceLog,
): Promise<Service> {
  const app = await NestFactory.create<NestFastifyApplication>(
    SinkModule.of(parts),
    new FastifyAdapter(),
    {
      logger: new NestLog(log.pino),
    },
  );
  app.connectMicroservice<MicroserviceOptions>({ strategy: parts.server });
  const start = async (): Promise<void> => {
    await app.listen(config.SINK_PORT, config.SINK_HOST);
    log.info('Listening.', { url: await app.getUrl() });
    await startConsuming(app, parts, log);
  };
  return { app, start };
}

async function startConsuming(
  app: NestFastifyApplication,
  { clickhouse, kafka, erasures, stopping: { signal } }: SinkParts,
  log: ServiceLog,
): Promise<void> {
  try {
    await awaitSchema(clickhouse, { log, signal });
    await awaitTopics(kafka, [TOPICS.anonymized, TOPICS.rejected], log, signal);
  } catch (error) {
    // Told to stop before there was anything to stop.
    if (signal.aborted) return;
    throw error;
  }
  erasures?.start();
  await app.startAllMicroservices();
  log.info('Consuming.', { topics: [TOPICS.anonymized, TOPICS.rejected].join(', ') });
}
