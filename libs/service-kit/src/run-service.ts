import type { INestApplication } from '@nestjs/common';
import type { Log } from '@rollcall/pipeline';
import { errorFields } from './logger.ts';

/** Exit code of a service that ended because it could not go on; its supervisor starts it again. */
const EXIT_FAILED = 1;
const SHUTDOWN_DEADLINE_MS = 9_000;

/** A built service that has not started. */
export interface Service {
  readonly app: INestApplication;
  /** Starts consumers and listens. */
  readonly start: () => Promise<void>;
}

/**
 * Runs a service: builds, starts, and on SIGTERM or SIGINT closes it (Nest calls the shutdown hooks: stop taking work,
 * finish what is in hand, leave, close) and exits 0 within ten seconds.
 *
 * Guarantee: a failure to start is one log line with its code and exit code 1, never a stack of someone's data.
 */
export async function runService(log: Log, create: () => Promise<Service>): Promise<void> {
  let service: Service | undefined;
  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    log.info('Stopping.', { signal });
    const deadline = setTimeout(() => {
      log.error('Stopping took too long; ending now.');
      process.exit(EXIT_FAILED);
    }, SHUTDOWN_DEADLINE_MS);
    deadline.unref();
    await service?.app
      .close()
      .catch((error: unknown) => log.error('Closing failed.', errorFields(error)));
    log.info('Stopped.');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
  process.on('unhandledRejection', (reason) => {
    log.error('A promise was rejected and nobody minded.', errorFields(reason));
    process.exit(EXIT_FAILED);
  });
  try {
    service = await create();
    await service.start();
  } catch (error) {
    // Before the start there is no event whose content a message could quote, and an operator needs the message.
    log.error('Could not start.', {
      ...errorFields(error),
      ...(error instanceof Error && { message: error.message }),
    });
    process.exit(EXIT_FAILED);
  }
}

/** Ends the process after a failure that a restart heals; the log line says which. */
export function exitOnFatal(log: Log): (error: Error) => void {
  return (error) => {
    log.error(
      'Cannot go on; ending so that the supervisor starts this service again.',
      errorFields(error),
    );
    process.exit(EXIT_FAILED);
  };
}
