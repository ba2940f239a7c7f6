import { loadCatalogue } from '@rollcall/catalogue';
import { createLog, createRegistry, runService, serviceEnvShape } from '@rollcall/service-kit';
import { createAnonymizerService } from './anonymizer.app.ts';
import { readAnonymizerConfig } from './anonymizer.config.ts';
import { buildAnonymizer } from './anonymizer.module.ts';

const bootLog = createLog('anonymizer', serviceEnvShape.LOG_LEVEL.parse(undefined));

await runService(bootLog, async () => {
  const config = readAnonymizerConfig();
  const log = createLog('anonymizer', config.LOG_LEVEL);
  const catalogue = await loadCatalogue(config.CATALOGUE_DIR);
  const parts = buildAnonymizer(config, { catalogue, registry: createRegistry(), log });
  return createAnonymizerService(config, parts, log);
});
