import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { loadCatalogue } from '@rollcall/catalogue';
import { createClickHouse } from '@rollcall/clickhouse';
import { RollcallError } from '@rollcall/contracts-transport';
import type { AnalystAccounts } from '../analysts/analyst-accounts.ts';
import { embeddedAnalysts } from '../analysts/embedded-analysts.ts';
import { serverAnalysts } from '../analysts/server-analysts.ts';
import { clickhouseSettings, credentialsFile, isEmbedded, type CliConfig } from '../cli.config.ts';
import type { CliContext } from '../context.ts';

const PASSWORD_BYTES = 24;

/** `rollcall analyst add|list|remove`: users of ClickHouse that read one project and nothing else. */
export function analystCommand({ config, terminal }: CliContext): Command {
  const command = new Command('analyst').description('Users that read one project in ClickHouse');
  command
    .command('add')
    .description('make the analyst of a project, or give it a new password and newer tables')
    .argument('<project>')
    .action(async (project: string) => {
      const settings = config();
      await assertProject(project, settings);
      const password = randomBytes(PASSWORD_BYTES).toString('base64url');
      terminal.out(await withAccounts(settings, (accounts) => accounts.add(project, password)));
    });
  command
    .command('list')
    .description('projects that have an analyst')
    .action(async () => {
      const projects = await withAccounts(config(), (accounts) => accounts.list());
      for (const project of projects) terminal.out(project);
    });
  command
    .command('remove')
    .description('take the analyst of a project away')
    .argument('<project>')
    .action(async (project: string) => {
      terminal.out(await withAccounts(config(), (accounts) => accounts.remove(project)));
    });
  return command;
}

async function assertProject(name: string, config: CliConfig): Promise<void> {
  const { projects } = await loadCatalogue(config.CATALOGUE_DIR);
  if (!projects.has(name))
    throw new RollcallError('GW_PROJECT_UNKNOWN', `there is ${[...projects.keys()].join(', ')}`);
}

async function withAccounts<T>(
  config: CliConfig,
  use: (accounts: AnalystAccounts) => Promise<T>,
): Promise<T> {
  const file = credentialsFile(config);
  if (isEmbedded(config)) return use(embeddedAnalysts(file));
  const client = createClickHouse(clickhouseSettings(config));
  try {
    return await use(serverAnalysts({ client, cluster: config.CLICKHOUSE_CLUSTER, file }));
  } finally {
    await client.close();
  }
}
