import { fileURLToPath } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadCatalogue } from '@rollcall/catalogue';
import { createLog, createRegistry } from '@rollcall/service-kit';
import { createGatewayApp } from './gateway.app.ts';
import { GatewayConfigSchema } from './gateway.config.ts';
import { buildGateway } from './gateway.module.ts';

export interface RunningGateway {
  readonly app: NestFastifyApplication;
  readonly url: string;
  readonly port: number;
}

const CATALOGUE = fileURLToPath(new URL('../../../catalogue', import.meta.url));

/** The gateway as `main.ts` builds it, on a free port, with the shipped catalogue and the settings a spec gives. */
export async function startGateway(
  settings: Readonly<Record<string, string>>,
  { isConnected = true } = {},
): Promise<RunningGateway> {
  const config = GatewayConfigSchema.parse({ LOG_LEVEL: 'silent', ...settings });
  const log = createLog('gateway', config.LOG_LEVEL);
  const catalogue = await loadCatalogue(CATALOGUE);
  const parts = buildGateway(config, { catalogue, registry: createRegistry(), log });
  const app = await createGatewayApp(config, parts, log);
  await app.listen(0, '127.0.0.1');
  if (isConnected) await parts.connect();
  const url = await app.getUrl();
  return { app, url, port: Number(new URL(url).port) };
}
