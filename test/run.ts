import { existsSync } from 'node:fs';
import { startVitest, type TestModule, type TestRunEndReason } from 'vitest/node';
import {
  buildBundle,
  consoleProgress as progress,
  ensureKafkaJars,
  sharedKafkaLibsDir,
  staleBundles,
} from '@rollcall/embedded';
import { countResults, lastLine, type Counts } from './run-counts.ts';

/** What tests would otherwise wait for with nothing on the screen. */
async function prepare(): Promise<void> {
  for (const service of staleBundles())
    await progress.step(`Build the ${service}`, () => buildBundle(service));
  const title = existsSync(sharedKafkaLibsDir) ? 'Kafka is here' : 'Fetch Kafka with Maven';
  await progress.step(title, () => ensureKafkaJars(sharedKafkaLibsDir));
}

/** Runs what matches, everything by default, and says how it went. */
async function runTests(filters: readonly string[]): Promise<Counts> {
  let hasUnnamedFault = false;
  let counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const counter = {
    onTestRunEnd: (
      modules: readonly TestModule[],
      errors: readonly unknown[],
      why: TestRunEndReason,
    ): void => {
      counts = countResults(modules, errors.length);
      hasUnnamedFault = why === 'failed' && modules.length > 0 && counts.failed === 0;
    },
  };
  const vitest = await startVitest('test', [...filters], {
    run: true,
    watch: false,
    reporters: ['default', counter],
  });
  await vitest.close();
  return hasUnnamedFault ? { ...counts, failed: 1 } : counts;
}

let counts: Counts = { passed: 0, failed: 1, skipped: 0 };
try {
  await prepare();
  counts = await runTests(process.argv.slice(2));
} catch (fault) {
  console.error(fault instanceof Error ? fault.message : fault);
}
const { failed, passed } = counts;
console.log(lastLine(counts));
// whatever a test may have left open: the run is over
process.exit(failed > 0 || passed === 0 ? 1 : 0);
