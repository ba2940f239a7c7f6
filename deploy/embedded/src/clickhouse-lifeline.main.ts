// Runs beside the engine, which has the main thread: takes the working directory away when the engine has begun its last
// statement, and lets go of the lifeline when standard input ends.
import { closeSync, constants, openSync, rmdirSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';

/** What the thread beside the engine is told. */
export interface Lifeline {
  /** Fifo that the engine's last statement reads, until nobody holds its other end any more. */
  readonly lifeline: string;
  /** Of the whole process. */
  readonly workingDirectory: string;
}

const RETRY_MS = 2;
const { lifeline, workingDirectory } = workerData as Lifeline;

// not process.stdin: a worker gets that by way of the main thread, which is inside the engine
const standardInput = new Socket({ fd: 0, readable: true, writable: false });
const ended = new Promise<void>((resolve) => standardInput.once('close', resolve));
standardInput.on('error', () => undefined);
standardInput.resume();

const heldEnd = await untilRead(lifeline);
rmdirSync(workingDirectory);
await ended;
closeSync(heldEnd);

/** A blocking open would keep the process from ending when the engine gives up. */
async function untilRead(fifo: string): Promise<number> {
  for (;;) {
    try {
      return openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'ENXIO') throw fault;
    }
    await sleep(RETRY_MS);
  }
}
