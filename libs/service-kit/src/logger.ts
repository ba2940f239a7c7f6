import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { RollcallError } from '@rollcall/contracts-transport';
import type { Log } from '@rollcall/pipeline';

/** Paths that never reach a log line, whatever is logged. Belt and braces: nothing of it is passed on purpose. */
const REDACTED = [
  'authorization',
  'cookie',
  'password',
  'token',
  'api_key',
  'body',
  'ip',
  'remoteAddress',
];

/** An error as log fields: code and kind. Its message is kept only when we made it, since others quote their input. */
export function errorFields(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof RollcallError)
    return {
      code: error.code,
      message: error.message,
      ...(error.cause instanceof Error && { cause: error.cause.name }),
    };
  if (error instanceof Error)
    return { error: error.name, ...('code' in error && { code: error.code }) };
  return { error: typeof error };
}

/** A service's JSON log on standard output. */
export function createLog(service: string, level: string): Log & { readonly pino: Logger } {
  const logger = pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
  });
  return {
    pino: logger,
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
  };
}

/** Nest's own lines in the same log. Its start-up chatter goes to debug. */
export class NestLog implements LoggerService {
  readonly #pino: Logger;

  constructor(logger: Logger) {
    this.#pino = logger;
  }

  log(message: unknown): void {
    this.#pino.debug(String(message));
  }

  warn(message: unknown): void {
    this.#pino.warn(String(message));
  }

  error(message: unknown): void {
    this.#pino.error(
      message instanceof Error ? errorFields(message) : {},
      'Nest reports an error.',
    );
  }

  debug(message: unknown): void {
    this.#pino.trace(String(message));
  }

  verbose(message: unknown): void {
    this.#pino.trace(String(message));
  }
}
