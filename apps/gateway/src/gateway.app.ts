import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestLog, type createLog } from '@rollcall/service-kit';
import type { GatewayConfig } from './gateway.config.ts';
import { GatewayModule, type GatewayParts } from './gateway.module.ts';
import { addAnswerHeaders } from './http/answer-headers.ts';
import { createHttpAdapter } from './http/http-adapter.ts';
import { setUpDocs } from './http/openapi.ts';
import { ProblemFilter } from './http/problem.filter.ts';

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
  addAnswerHeaders(app.getHttpAdapter().getInstance(), (request) =>
    parts.requests.corsHeadersFor(request),
  );
  app.useGlobalFilters(new ProblemFilter(parts.telemetry));
  setUpDocs(app);
  return app;
}
