import { loadCatalogue, readWriteKeysFile } from '@rollcall/catalogue';
import {
  createLog,
  createRegistry,
  exitOnFatal,
  runService,
  serviceEnvShape,
} from '@rollcall/service-kit';
import { createGatewayApp } from './gateway.app.ts';
import { readGatewayConfig } from './gateway.config.ts';
import { buildGateway } from './gateway.module.ts';

const bootLog = createLog('gateway', serviceEnvShape.LOG_LEVEL.parse(undefined));

await runService(bootLog, async () => {
  const config = readGatewayConfig();
  const log = createLog('gateway', config.LOG_LEVEL);
  const keysFile = config.ROLLCALL_WRITE_KEYS_FILE;
  const extraKeys = keysFile === undefined ? {} : await readWriteKeysFile(keysFile);
  const catalogue = await loadCatalogue(config.CATALOGUE_DIR, { extraKeys });
  const parts = buildGateway(config, { catalogue, registry: createRegistry(), log });
  const app = await createGatewayApp(config, parts, log);
  const start = async (): Promise<void> => {
    await app.listen(config.GATEWAY_PORT, config.GATEWAY_HOST);
    log.info('Listening.', {
      url: await app.getUrl(),
      projects: [...catalogue.projects.keys()].join(', '),
    });
    parts.connect().catch(exitOnFatal(log));
  };
  return { app, start };
});
