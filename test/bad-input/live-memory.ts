/**
 * Loaded into the gateway under test, by `--import`: at SIGUSR2 it collects garbage and writes how many bytes are still
 * in use to the file that the address of this module names. Resident memory alone cannot tell a small leak from garbage
 * that nobody has collected yet.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const file = new URL(import.meta.url).searchParams.get('to') ?? '';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('SIGUSR2', () => {
  // what the first one frees may hold buffers that only the second can free
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  writeFileSync(`${file}.new`, String(heapUsed + external));
  renameSync(`${file}.new`, file);
});
