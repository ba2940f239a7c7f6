import { Command } from 'commander';
import { RollcallError } from '@rollcall/contracts-transport';
import type { CliConfig } from '../cli.config.ts';
import type { CliContext } from '../context.ts';
import { failed, type Check, type CheckResult } from '../doctor/check.ts';
import {
  lookAtCatalogue,
  lookAtCredentials,
  lookAtKeyring,
  lookAtWriteKeys,
} from '../doctor/file-checks.ts';
import { lookAtService, services } from '../doctor/service-checks.ts';
import { lookAtClickHouse, lookAtKafka } from '../doctor/store-checks.ts';
import { ExitCode } from '../failure.ts';

/** `rollcall doctor`: looks at everything it can reach and says what to do next. Changes nothing. */
export function doctorCommand(context: CliContext): Command {
  return new Command('doctor')
    .description('look at everything that can be reached and say what to do next')
    .option('--json', 'print the results as JSON')
    .action(({ json }: { json?: true }) => doctor(json === true, context));
}

async function doctor(isJson: boolean, { terminal, config }: CliContext): Promise<void> {
  const results = await Promise.all(checksOf(config()).map(settle));
  if (isJson) terminal.out(JSON.stringify(results, undefined, 2));
  else terminal.out(results.flatMap(toLines).join('\n'));
  if (results.some(({ status }) => status === 'failed')) throw new ExitCode(1);
}

/** In the order in which one mends: each may fail because of one above it. */
function checksOf(config: CliConfig): readonly (readonly [name: string, check: Check])[] {
  return [
    ['catalogue', () => lookAtCatalogue(config)],
    ['write keys', () => lookAtWriteKeys(config)],
    ['keyring', () => lookAtKeyring(config)],
    ['credentials', () => lookAtCredentials(config)],
    ['kafka', () => lookAtKafka(config)],
    ['clickhouse', () => lookAtClickHouse(config)],
    ...services(config).map((service) => [service.name, () => lookAtService(service)] as const),
  ];
}

/** One check that breaks must not hide the others. */
async function settle([name, check]: readonly [string, Check]): Promise<CheckResult> {
  try {
    return await check();
  } catch (error) {
    const detail =
      error instanceof RollcallError ? `${error.code}: ${error.message}` : String(error);
    return failed(name, detail, 'Correct the settings');
  }
}

const SIGNS = { ok: 'ok', warning: 'warning', failed: 'FAILED' } as const;

function toLines({ name, status, detail, next }: CheckResult): string[] {
  const line = `${SIGNS[status].padEnd(8)}${name.padEnd(13)}${detail}`;
  return next === undefined ? [line] : [line, `${' '.repeat(21)}→ ${next}.`];
}
