// ClickHouse's own engine out of an npm package, run as a server: HTTP and native TCP, users, grants.
//
//   node clickhouse-engine.main.ts <config.xml>       with a pipe on standard input
//
// It ends when its standard input ends: the launcher closes it, or dies. Then it writes what it holds and exits with 0.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DataType, load, open } from 'ffi-rs';
import type { Lifeline } from './clickhouse-lifeline.main.ts';
import { enginePackage } from './clickhouse/engine-package.ts';

const [configFile = 'config.xml'] = process.argv.slice(2);

// The engine could read standard input itself, but for that its passwordless user would need the right to read files,
// any files. Reading a fifo for an insert needs no right: the fifo ends when nobody holds its other end any more.
const directory = resolve(dirname(configFile));
const lifeline = join(directory, 'lifeline');
rmSync(lifeline, { force: true });
execFileSync('mkfifo', ['-m', '600', lifeline]);

// The engine lets every user read any file by the function file(), and no grant or setting forbids it. But the function
// begins by asking for the working directory, and fails where there is none. The engine needs one until its last
// statement runs; then it is removed. ADR 0027.
const workingDirectory = mkdtempSync(join(directory, 'nowhere-'));
process.chdir(workingDirectory);

const watcher = new Worker(new URL('./clickhouse-lifeline.main.ts', import.meta.url), {
  workerData: { lifeline, workingDirectory } satisfies Lifeline,
});
await once(watcher, 'online');

const library = createRequire(import.meta.url).resolve(`${enginePackage}/libchdb.so`);
open({ library: 'chdb', path: library });
// these three are all that the user `default`, whom they run as, may ever do: see users.xml
const statements = [
  'SYSTEM START LISTEN TCP',
  // second: who gets an answer over HTTP knows that both are open
  'SYSTEM START LISTEN HTTP',
  `INSERT INTO FUNCTION null('line String') FROM INFILE '${lifeline.replaceAll("'", "\\'")}' FORMAT LineAsString`,
];
const config = join(directory, basename(configFile));
const args = ['clickhouse', `--config-file=${config}`, `--query=${statements.join('; ')}`];
load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [args.length, args],
});
// without having been asked, when the listeners could not be opened
process.exit();
