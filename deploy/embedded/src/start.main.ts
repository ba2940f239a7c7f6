import { PreflightError } from './checks/preflight-error.ts';
import { createConsoleNews } from './console-news.ts';
import { readEmbeddedConfig } from './embedded.config.ts';
import { consoleProgress } from './progress.ts';
import { residentTable } from './resident.ts';
import { RollcallStack, STOP_ORDER, StoppedError } from './stack/rollcall-stack.ts';
import { welcomeLines } from './welcome.ts';

/** Terminal, npm and bootstrap each pass one Ctrl-C on: what comes within this time is the same wish. */
const SAME_WISH_MS = 1_000;

const news = createConsoleNews();
let stack: RollcallStack | undefined;
let stopAskedAt: number | undefined;

async function stop(): Promise<void> {
  if (stopAskedAt !== undefined) {
    if (Date.now() - stopAskedAt > SAME_WISH_MS) stack?.hurry();
    return;
  }
  stopAskedAt = Date.now();
  news.silence();
  const names = STOP_ORDER.filter((name) => stack?.pids()[name] !== undefined);
  console.log(`\nStopping ${names.join(', ')}.`);
  await stack?.stop();
  console.log('Stopped.');
  process.exit(0);
}

function tell(fault: unknown): void {
  if (fault instanceof PreflightError) {
    console.error('\nRollcall cannot start yet:');
    for (const line of fault.faults) console.error(`  - ${line}`);
    return;
  }
  console.error(
    `\nRollcall could not start. ${fault instanceof Error ? fault.message : String(fault)}`,
  );
}

async function start(): Promise<void> {
  const options = readEmbeddedConfig();
  console.log(`Rollcall starts, with its state in ${options.dataDir}`);
  stack = new RollcallStack({ ...options, news, progress: consoleProgress });
  await stack.start();
  const hasOwnClickHouse = options.clickhouse !== undefined;
  for (const line of welcomeLines({ stack, dataDir: options.dataDir, hasOwnClickHouse }))
    console.log(line);
  console.log('Rollcall is ready');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void stop());
// whoever started this is gone: nobody is left to ask for the end
process.on('disconnect', () => void stop());
process.channel?.unref();
process.on('SIGUSR2', () => {
  const bootstrap = process.connected ? { bootstrap: process.ppid } : {};
  const pids = { ...bootstrap, launcher: process.pid, ...stack?.pids() };
  for (const line of residentTable(pids)) console.log(line);
});
// the reader of this output may go away before this process does
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

try {
  await start();
} catch (fault) {
  if (stopAskedAt === undefined && !(fault instanceof StoppedError)) {
    tell(fault);
    news.silence();
    await stack?.stop();
    process.exit(1);
  }
}
