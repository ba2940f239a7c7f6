// Runs beside the engine, which has the main thread: lets go of the lifeline when standard input ends.
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { workerData } from 'node:worker_threads';

// not process.stdin: a worker gets that by way of the main thread, which is inside the engine
const standardInput = new Socket({ fd: 0, readable: true, writable: false });
standardInput.resume();
standardInput.on('error', () => undefined);
standardInput.on('close', () => closeSync(workerData as number));
