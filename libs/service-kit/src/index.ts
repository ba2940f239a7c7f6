import 'reflect-metadata';

export { AdminToken, readToken } from './admin-token.ts';
export { watchConsumer, type WatchedConsumer } from './consumer-gauges.ts';
export { HealthModule, type Readiness } from './health.module.ts';
export { loadConfig, portFromEnv, secretFromEnv, serviceEnvShape } from './load-config.ts';
export { NestLog, createLog, errorFields } from './logger.ts';
export { MetricsModule, createRegistry } from './metrics.module.ts';
export { isHttpCode, sendProblem } from './problem.ts';
export { exitOnFatal, runService, type Service } from './run-service.ts';
export { Secret } from './secret.ts';
