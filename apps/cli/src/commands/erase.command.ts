import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { ExitCode } from '../failure.ts';

interface EraseOptions {
  readonly installationFile: string;
  readonly wait?: true;
}

interface Answer {
  readonly receipt?: string;
  readonly status?: string;
  readonly rows?: Readonly<Record<string, number>>;
  readonly code?: string;
  readonly title?: string;
}

const STANDARD_INPUT = 0;
const POLL_MS = 500;
const WAIT_MS = 300_000;
const REQUEST_MS = 10_000;

/** `rollcall erase`: asks the gateway to erase an installation, as its owner would. */
export function eraseCommand(context: CliContext): Command {
  return new Command('erase')
    .description('erase all rows of one installation; prints the receipt')
    .argument('<project>', 'name of the project in the catalogue')
    .requiredOption(
      '--installation-file <file>',
      'file of the identifier that the installation sends; - is standard input, so that no list of processes shows it',
    )
    .option('--wait', 'follow the erasure until it is verified')
    .action((project: string, options: EraseOptions) => erase(project, options, context));
}

async function erase(project: string, options: EraseOptions, context: CliContext): Promise<void> {
  const { terminal } = context;
  const { ROLLCALL_GATEWAY_URL, GATEWAY_PORT } = context.config();
  const origin = ROLLCALL_GATEWAY_URL ?? `http://127.0.0.1:${GATEWAY_PORT}`;
  const url = `${origin.replace(/\/+$/, '')}/p/${encodeURIComponent(project)}/erasures`;
  const source = options.installationFile === '-' ? STANDARD_INPUT : options.installationFile;
  const installation_id = readFileSync(source, 'utf8').trim();
  const { receipt } = await ask(context, url, {
    method: 'POST',
    body: JSON.stringify({ installation_id }),
  });
  terminal.out(receipt ?? '');
  if (options.wait === true) await follow(context, `${url}/${receipt ?? ''}`);
}

async function follow(context: CliContext, url: string): Promise<void> {
  const end = Date.now() + WAIT_MS;
  let said = '';
  while (Date.now() < end) {
    const { status = '', rows = {} } = await ask(context, url, {});
    const counts = Object.entries(rows).map(([table, count]) => `${table} ${count}`);
    if (status !== said) context.terminal.err([`${status}.`, ...counts].join(' '));
    if (status === 'verified') return;
    said = status;
    await sleep(POLL_MS);
  }
  context.terminal.err('Not verified in time; ask the gateway for the receipt later.');
  throw new ExitCode(1);
}

async function ask({ terminal }: CliContext, url: string, init: RequestInit): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(REQUEST_MS);
  try {
    const response = await fetch(url, { ...init, headers, signal });
    const answer = (await response.json()) as Answer;
    if (response.ok) return answer;
    terminal.err(`${answer.code ?? response.status}: ${answer.title ?? 'refused'}`);
  } catch {
    terminal.err(`No gateway answers at ${new URL(url).origin}.`);
  }
  throw new ExitCode(1);
}
