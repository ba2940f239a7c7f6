import { loadCatalogue } from '@rollcall/catalogue';
import { createLog, createRegistry, runService, serviceEnvShape } from '@rollcall/service-kit';
import { createGatewayApp } from './gateway.app.ts';
import { readGatewayConfig } from './gateway.config.ts';
import { buildGateway } from './gateway.module.ts';

const bootLog = createLog('gateway', serviceEnvShape.LOG_LEVEL.parse(undefined));

await runService(bootLog, async () => {
  const config = readGatewayConfig();
  const log = createLog('gateway', config.LOG_LEVEL);
  const catalogue = await loadCatalogue(config.CATALOGUE_DIR);
  const parts = await buildGateway(config, { catalogue, registry: createRegistry(), log });
  const app = await createGatewayApp(config, parts, log);
  const start = async (): Promise<void> => {
    await app.listen(config.GATEWAY_PORT, config.GATEWAY_HOST);
    log.info('Listening.', { url: await app.getUrl(), projects: [...catalogue.projects.keys()].join(', ') });
  };
  return { app, start };
});
