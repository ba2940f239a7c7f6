import fastifyCookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { NestLog, sendProblem, type AdminToken, type createLog } from '@rollcall/service-kit';
import { ConsoleModule, type ConsoleParts } from './console.module.ts';
import { addAnswerHeaders } from './http/answer-headers.ts';
import { ProblemFilter } from './http/problem.filter.ts';

const BODY_LIMIT_BYTES = 64 * 1_024;
const REQUEST_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 65_000;
const ASSETS_MAX_AGE_MS = 365 * 86_400_000;

function createAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
  });
}

/** Metrics are the operator's, where the operator has a token. */
function guardMetrics(fastify: FastifyInstance, token: AdminToken | undefined): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const isOpen = request.routeOptions.url !== '/metrics' || token === undefined;
    if (isOpen || token.isIn(request.headers.authorization)) done();
    else sendProblem(reply.header('www-authenticate', 'Bearer'), 'CO_TOKEN_UNKNOWN');
  });
}

/** The console's HTTP application over its parts; the caller listens. */
export async function createConsoleApp(
  parts: ConsoleParts,
  log: ReturnType<typeof createLog>,
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    ConsoleModule.of(parts),
    createAdapter(),
    { logger: new NestLog(log.pino) },
  );
  const fastify = app.getHttpAdapter().getInstance();
  addAnswerHeaders(fastify);
  guardMetrics(fastify, parts.adminToken);
  await app.register(fastifyCookie);
  await app.register(fastifyStatic, {
    root: parts.web.assetsDir,
    prefix: '/assets/',
    maxAge: ASSETS_MAX_AGE_MS,
    // their names change with what is in them
    immutable: true,
    index: false,
  });
  app.useGlobalFilters(new ProblemFilter(log));
  return app;
}
