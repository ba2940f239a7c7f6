// The door that npm's commands come in by: plain JavaScript for Node 20 with nothing installed. It installs what is
// missing, finds the right Node, and runs the command with it. Everything else is TypeScript that needs that Node.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const MODULES = join(ROOT, 'node_modules');
const LOCK = join(ROOT, 'package-lock.json');
/** npm writes this one last: without it an installation was interrupted. */
const INSTALLED = join(MODULES, '.package-lock.json');
/** Sum of the lock file that was installed: a checkout changes its time and not its text. */
const INSTALLED_SUM = join(MODULES, '.rollcall-lock-sum');
const STILL_WORKING_MS = 10_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const ENTRIES = {
  start: 'deploy/embedded/src/start.main.ts',
  demo: 'test/demo/demo.ts',
  test: 'test/run.ts',
  bench: 'test/load/bench.ts',
  'bad-input': 'test/bad-input/bad-input.ts',
  fault: 'test/fault/fault.ts',
};

function fail(message) {
  console.error(`\n${message}`);
  process.exit(1);
}

function checkPlatform() {
  if (process.platform === 'win32')
    fail(
      'Rollcall runs on Linux and macOS. On Windows, run it in WSL 2: https://learn.microsoft.com/windows/wsl',
    );
}

function lockSum() {
  return createHash('sha256').update(readFileSync(LOCK)).digest('hex');
}

function isInstalled() {
  if (!existsSync(INSTALLED)) return false;
  if (existsSync(INSTALLED_SUM) && readFileSync(INSTALLED_SUM, 'utf8') === lockSum()) return true;
  return statSync(INSTALLED).mtimeMs >= statSync(LOCK).mtimeMs;
}

/** @returns the command line that runs npm: the very npm that runs this, when there is one. */
function npm() {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? [process.execPath, script] : ['npm'];
}

/** Runs a command to its end, with this terminal as its own. */
function run(command, args, options) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    const pass = (signal) => child.kill(signal);
    for (const signal of SIGNALS) process.on(signal, pass);
    child.once('error', (error) => done({ error }));
    child.once('exit', (code, signal) => {
      for (const name of SIGNALS) process.off(name, pass);
      done({ code: code ?? 128 + constants.signals[signal], signal });
    });
  });
}

async function install() {
  if (isInstalled()) return;
  console.log('Installing packages (npm ci): about 250 MB to fetch, once.');
  const startedAt = Date.now();
  const elapsed = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
  const timer = setInterval(
    () => console.log(`  … still installing, ${elapsed()}`),
    STILL_WORKING_MS,
  );
  const [command, ...args] = npm();
  const flags = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const { code, error, signal } = await run(command, [...args, ...flags]);
  clearInterval(timer);
  if (signal) process.exit(code);
  if (error || code !== 0)
    fail(
      `The packages could not be installed (${error?.message ?? `npm ended with ${code}`}). Above is what npm says. ` +
        'It needs a package registry that it can reach and about 1.5 GB of disk; run the command again when that is mended.',
    );
  writeFileSync(INSTALLED_SUM, lockSum());
  console.log(`  ✓ Packages installed  ${elapsed()}`);
}

function versionOf(node) {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}

/** @returns a Node of the right version: from the packages on Linux, else the one that runs this. */
function rightNode() {
  const wanted = readFileSync(join(ROOT, '.nvmrc'), 'utf8').trim();
  const major = (version) => Number(/^v?(\d+)/.exec(version ?? '')?.[1] ?? 0);
  const packaged = join(MODULES, '.bin/node');
  if (existsSync(packaged) && major(versionOf(packaged)) >= major(wanted)) return packaged;
  if (major(process.version) >= major(wanted)) return process.execPath;
  return fail(
    `This is Node ${process.version}, and Rollcall needs Node ${wanted} or newer. Install it (for example: nvm install ${wanted}) and run the command again.`,
  );
}

/** When npm is killed by force, nobody tells its child: it has another parent then. */
function endWithNpm(end) {
  const parent = process.ppid;
  if (!process.env.npm_lifecycle_event) return;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 1000).unref();
}

async function main([command, ...args]) {
  const entry = ENTRIES[command];
  if (!entry) fail(`Usage: node deploy/embedded/bootstrap.mjs ${Object.keys(ENTRIES).join('|')}`);
  checkPlatform();
  await install();
  const node = rightNode();
  const dataDir = resolve(ROOT, process.env.ROLLCALL_DATA_DIR || '.rollcall');
  const env = {
    ...process.env,
    PATH: `${join(MODULES, '.bin')}${delimiter}${process.env.PATH ?? ''}`,
    // tests start each program in a folder of their own
    ...(command !== 'test' && { NODE_COMPILE_CACHE: join(dataDir, 'compile-cache') }),
  };
  // the channel closes when this process ends, whatever ends it: the command ends then too
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  endWithNpm(() => process.exit(1));
  const { code, error } = await run(node, [join(ROOT, entry), ...args], { env, stdio });
  if (error) fail(`${node} cannot be run: ${error.message}`);
  process.exit(code);
}

await main(process.argv.slice(2));
