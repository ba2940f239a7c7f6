import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TOPICS } from '@rollcall/contracts-transport';
import { awaitTopics } from '@rollcall/kafka';
import { AdminToken, NestLog, type Service, type createLog } from '@rollcall/service-kit';
import type { AnonymizerConfig } from './anonymizer.config.ts';
import { AnonymizerModule, type AnonymizerParts } from './anonymizer.module.ts';
import { ProblemFilter } from './replay/problem.filter.ts';
import { guardReplays } from './replay/replay-access.ts';

/** A thousand coordinates, and no more. */
const BODY_LIMIT_BYTES = 128 * 1_024;

type ServiceLog = ReturnType<typeof createLog>;

/**
 * The anonymizer as a service: health and metrics listen at once, consuming begins when Kafka and the topics are there.
 * An anonymizer that starts before Kafka waits and says so.
 *
 * @throws CFG_INVALID for a file of the admin token that cannot be used
 */
export async function createAnonymizerService(
  config: AnonymizerConfig,
  parts: AnonymizerParts,
  log: ServiceLog,
): Promise<Service> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AnonymizerModule.of(parts),
    new FastifyAdapter({ bodyLimit: BODY_LIMIT_BYTES }),
    { logger: new NestLog(log.pino) },
  );
  const adapter = app.getHttpAdapter();
  guardReplays(adapter.getInstance(), await readAdminToken(config));
  app.useGlobalFilters(new ProblemFilter(adapter));
  app.connectMicroservice<MicroserviceOptions>({ strategy: parts.server });
  const start = async (): Promise<void> => {
    await app.listen(config.ANONYMIZER_PORT, config.ANONYMIZER_HOST);
    log.info('Listening.', { url: await app.getUrl() });
    await startConsuming(app, parts, log);
  };
  return { app, start };
}

async function readAdminToken(config: AnonymizerConfig): Promise<AdminToken | undefined> {
  const file = config.ANONYMIZER_ADMIN_TOKEN_FILE;
  return file === undefined ? undefined : AdminToken.fromFile(file, 'ANONYMIZER_ADMIN_TOKEN_FILE');
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
