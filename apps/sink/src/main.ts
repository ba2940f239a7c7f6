import { createLog, createRegistry, runService, serviceEnvShape } from '@rollcall/service-kit';
import { createSinkService } from './sink.app.ts';
import { readSinkConfig } from './sink.config.ts';
import { buildSink } from './sink.module.ts';

const bootLog = createLog('sink', serviceEnvShape.LOG_LEVEL.parse(undefined));

await runService(bootLog, () => {
  const config = readSinkConfig();
  const log = createLog('sink', config.LOG_LEVEL);
  return createSinkService(config, buildSink(config, createRegistry(), log), log);
});
