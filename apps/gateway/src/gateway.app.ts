import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { WireAnswer } from '@rollcall/dialects';
import { AdminToken, NestLog, type createLog } from '@rollcall/service-kit';
import type { GatewayConfig } from './gateway.config.ts';
import { GatewayModule, type GatewayParts } from './gateway.module.ts';
import { addAnswerHeaders, isForClients } from './http/answer-headers.ts';
import { createHttpAdapter } from './http/http-adapter.ts';
import { setUpDocs } from './http/openapi.ts';
import { Problem, toProblemAnswer } from './http/problem.ts';
import { ProblemFilter, sendAnswer } from './http/problem.filter.ts';

/** Metrics are the operator's, where the operator has a token. Health is asked by orchestrators that have none. */
function refuseStranger(
  { routeOptions, headers }: FastifyRequest,
  token: AdminToken | undefined,
): WireAnswer | undefined {
  if (routeOptions.url !== '/metrics' || token === undefined) return undefined;
  if (token.isIn(headers.authorization)) return undefined;
  return toProblemAnswer(
    new Problem('GW_TOKEN_UNKNOWN', undefined, { 'www-authenticate': 'Bearer' }),
  );
}

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
  const tokenFile = config.GATEWAY_ADMIN_TOKEN_FILE;
  const token =
    tokenFile === undefined
      ? undefined
      : await AdminToken.fromFile(tokenFile, 'GATEWAY_ADMIN_TOKEN_FILE');
  fastify.addHook('onRequest', (request, reply, done) => {
    const refusal = isForClients(request)
      ? parts.requests.refuseTooMany(request)
      : refuseStranger(request, token);
    if (refusal === undefined) done();
    else sendAnswer(reply, refusal);
  });
  app.useGlobalFilters(new ProblemFilter(parts.telemetry));
  setUpDocs(app);
  return app;
}
