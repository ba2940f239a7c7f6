import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestLog, type createLog } from '@rollcall/service-kit';
import type { GatewayConfig } from './gateway.config.ts';
import { GatewayModule, type GatewayParts } from './gateway.module.ts';
import { addAnswerHeaders, isForClients } from './http/answer-headers.ts';
import { createHttpAdapter } from './http/http-adapter.ts';
import { setUpDocs } from './http/openapi.ts';
import { ProblemFilter, sendAnswer } from './http/problem.filter.ts';

/** The gateway's HTTP application over its parts; the caller listens. */
export async function createGatewayApp(
  config: GatewayConfig,
  parts: GatewayParts,
  log: ReturnType<typeof createLog>,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.of(parts),
    createHttpAdapter(config),
    {
      bodyParser: false,
      logger: new NestLog(log.pino),
    },
  );
  const fastify = app.getHttpAdapter().getInstance();
  addAnswerHeaders(fastify, (request) => parts.requests.corsHeadersFor(request));
  fastify.addHook('onRequest', (request, reply, done) => {
    const refusal = isForClients(request) ? parts.requests.refuseTooMany(request) : undefined;
    if (refusal === undefined) done();
    else sendAnswer(reply, refusal);
  });
  app.useGlobalFilters(new ProblemFilter(parts.telemetry));
  setUpDocs(app);
  return app;
}
