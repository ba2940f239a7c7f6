import { inject } from 'vitest';
import type { Login } from '@rollcall/embedded';
import type { AnalystAccess } from '../replay/analyst.ts';

/** The whole Rollcall that tests share. Each file of tests sees the rows of the others. */
export interface RunningRollcall {
  readonly gateway: string;
  /** Knows the write keys in the captures, and not those of this installation. */
  readonly capturesGateway: string;
  /** Where each service answers, health and metrics included. */
  readonly services: readonly string[];
  readonly brokers: readonly string[];
  readonly clickhouse: {
    readonly url: string;
    readonly analyst: Login;
    readonly admin: Login;
  };
  /** Write keys of this installation. */
  readonly keys: { readonly kusk: string; readonly glasskube: string };
  /** Folder of what every process printed. */
  readonly logsDir: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    rollcall: RunningRollcall;
  }
}

/** @throws in a file of tests that none is started for. */
export function runningRollcall(): RunningRollcall {
  const rollcall = inject('rollcall') as RunningRollcall | undefined;
  if (rollcall === undefined)
    throw new Error('no Rollcall is started for this file: vitest.config.ts');
  return rollcall;
}

/** Asks ClickHouse as the analyst. */
export function analystOf({ clickhouse }: RunningRollcall): AnalystAccess {
  return { url: clickhouse.url, login: clickhouse.analyst };
}
