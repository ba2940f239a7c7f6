import type { CliConfig } from '../cli.config.ts';
import { failed, ok, type CheckResult } from './check.ts';

const TIMEOUT_MS = 3_000;

interface Service {
  readonly name: string;
  readonly port: number;
  /** The variable that changes the port. */
  readonly variable: string;
}

export function services(config: CliConfig): readonly Service[] {
  return [
    { name: 'gateway', port: config.GATEWAY_PORT, variable: 'GATEWAY_PORT' },
    { name: 'anonymizer', port: config.ANONYMIZER_PORT, variable: 'ANONYMIZER_PORT' },
    { name: 'sink', port: config.SINK_PORT, variable: 'SINK_PORT' },
  ];
}

/** Is the service there, and can it do its work? */
export async function lookAtService({ name, port, variable }: Service): Promise<CheckResult> {
  const url = `http://127.0.0.1:${port}/health/ready`;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(url, { signal, redirect: 'manual' }).catch(() => undefined);
  if (answer === undefined)
    return failed(name, `no answer at ${url}`, `Run npm start, or set ${variable}`);
  const { status } = answer;
  await answer.body?.cancel();
  if (status === 200) return ok(name, `ready at ${url}`);
  const next = 'Mend what is above first; then look at the log of the service';
  return failed(name, `not ready: ${url} answers ${status}`, next);
}
