import { fileURLToPath } from 'node:url';
import { loadCatalogue } from '@rollcall/catalogue';
import {
  createLog,
  createRegistry,
  readToken,
  runService,
  serviceEnvShape,
} from '@rollcall/service-kit';
import { createConsoleApp } from './console.app.ts';
import { readConsoleConfig } from './console.config.ts';
import { buildConsole } from './console.module.ts';

const bootLog = createLog('console', serviceEnvShape.LOG_LEVEL.parse(undefined));

await runService(bootLog, async () => {
  const config = readConsoleConfig();
  const log = createLog('console', config.LOG_LEVEL);
  const tokenFile = config.CONSOLE_ADMIN_TOKEN_FILE;
  const adminToken =
    tokenFile === undefined ? undefined : await readToken(tokenFile, 'CONSOLE_ADMIN_TOKEN_FILE');
  const parts = buildConsole(config, {
    catalogue: await loadCatalogue(config.CATALOGUE_DIR),
    registry: createRegistry(),
    log,
    adminToken,
    webDir: config.CONSOLE_WEB_DIR ?? fileURLToPath(new URL('web', import.meta.url)),
  });
  const app = await createConsoleApp(parts, log);
  const start = async (): Promise<void> => {
    await app.listen(config.CONSOLE_PORT, config.CONSOLE_HOST);
    log.info('Listening.', { url: await app.getUrl() });
    // nobody has to wait for it; what cannot be made is said when it is asked for
    void parts.figures.warm().then(() => parts.overview.warm());
  };
  return { app, start };
});
