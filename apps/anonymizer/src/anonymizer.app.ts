import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TOPICS } from '@rollcall/contracts-transport';
import { awaitTopics } from '@rollcall/kafka';
import { NestLog, type Service, type createLog } from '@rollcall/service-kit';
import type { AnonymizerConfig } from './anonymizer.config.ts';
import { AnonymizerModule, type AnonymizerParts } from './anonymizer.module.ts';

type ServiceLog = ReturnType<typeof createLog>;

/**
 * The anonymizer as a service: health and metrics listen at once, consuming begins when Kafka and the topics are there.
 * An anonymizer that starts before Kafka waits and says so.
 */
export async function createAnonymizerService(
  config: AnonymizerConfig,
  parts: AnonymizerParts,
  log: ServiceLog,
): Promise<Service> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AnonymizerModule.of(parts),
    new FastifyAdapter(),
    { logger: new NestLog(log.pino) },
  );
  app.connectMicroservice<MicroserviceOptions>({ strategy: parts.server });
  const start = async (): Promise<void> => {
    await app.listen(config.ANONYMIZER_PORT, config.ANONYMIZER_HOST);
    log.info('Listening.', { url: await app.getUrl() });
    await startConsuming(app, parts, log);
  };
  return { app, start };
}

async function startConsuming(
  app: NestFastifyApplication,
  { kafka, topics, stopping: { signal } }: AnonymizerParts,
  log: ServiceLog,
): Promise<void> {
  try {
    const needed = [TOPICS.raw, TOPICS.erasure, TOPICS.anonymized, TOPICS.rejected];
    topics.found(await awaitTopics(kafka, needed, log, signal));
  } catch (error) {
    // Told to stop before there was anything to stop.
    if (signal.aborted) return;
    throw error;
  }
  await app.startAllMicroservices();
  log.info('Consuming.', { topic: TOPICS.raw });
}
