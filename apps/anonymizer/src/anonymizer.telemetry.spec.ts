import { TOPICS, type Rejection } from '@rollcall/contracts-transport';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { AnonymizerTelemetry } from './anonymizer.telemetry.ts';
import { Window } from './output/window.ts';

function start() {
  const registry = new Registry();
  const lines: string[] = [];
  const log = {
    info: (message: string) => void lines.push(message),
    warn: (message: string) => void lines.push(message),
    error: (message: string, fields?: object) =>
      void lines.push(`${message} ${JSON.stringify(fields)}`),
  };
  const clock = { now: 0 };
  const telemetry = new AnonymizerTelemetry({ registry, log, clock: () => clock.now });
  return { registry, lines, clock, telemetry };
}

const rejection = (code: Rejection['code'], count: number): Rejection => ({
  project: 'acme',
  stage: 'anonymizer',
  code,
  topic: TOPICS.raw,
  partition: 0,
  offset: '7',
  index: -1,
  count,
  at: '2026-11-21 10:00:00',
});

it('counts events and rejections by project and code', async () => {
  const { registry, telemetry } = start();
  const window = new Window();
  window.endRecord([rejection('AN_FIELD_UNDECLARED', 3), rejection('AN_EVENT_UNKNOWN', 2)]);
  telemetry.windowCommitted(window, 12);
  const metrics = await registry.metrics();
  expect(metrics).toContain(
    'anonymizer_rejections_total{project="acme",code="AN_FIELD_UNDECLARED"} 3',
  );
  expect(metrics).toContain(
    'anonymizer_rejections_total{project="acme",code="AN_EVENT_UNKNOWN"} 2',
  );
  expect(metrics).toContain('anonymizer_records_consumed_total 1');
});

it('logs what a person should look at, and a flood of it once', () => {
  const { lines, clock, telemetry } = start();
  const window = new Window();
  window.endRecord([rejection('AN_RAW_FIELD_LEFT', 1), rejection('AN_EVENT_UNKNOWN', 1)]);
  telemetry.windowCommitted(window, 1);
  telemetry.windowCommitted(window, 1);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('"offset":"7"');
  clock.now += 10_000;
  telemetry.windowCommitted(window, 1);
  expect(lines).toHaveLength(2);
});

it('shows a keyring that cannot be used', async () => {
  const { registry, lines, telemetry } = start();
  telemetry.keyringRefused(new Error('text with a key'));
  expect(await registry.metrics()).toContain('anonymizer_keyring_usable 0');
  expect(lines.join()).not.toContain('text with a key');
  telemetry.keyringLoaded([]);
  expect(await registry.metrics()).toContain('anonymizer_keyring_usable 1');
});
