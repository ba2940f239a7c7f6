#!/usr/bin/env node
/**
 * The door of `npx rollcall`. Plain JavaScript that any Node from 18 on can read: what is behind it needs Node 24, which
 * comes with `npm install`, so it is started with that one when the Node that runs this file is older.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const REQUIRED_MAJOR = 24;
const main = new URL('../src/main.ts', import.meta.url);

if (Number(process.versions.node.split('.')[0]) >= REQUIRED_MAJOR) {
  await import(main.href);
} else {
  runWith(installedNode());
}

function installedNode() {
  const path = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));
  if (existsSync(path)) return path;
  process.stderr.write(
    `Rollcall needs Node ${REQUIRED_MAJOR} or newer and this is ${process.versions.node}. ` +
      `Run npm install (it brings Node for Linux), or install Node ${REQUIRED_MAJOR}.\n`,
  );
  process.exit(1);
}

function runWith(node) {
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`Node ${REQUIRED_MAJOR} could not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 1;
  });
}
