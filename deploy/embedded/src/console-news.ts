import { styleText } from 'node:util';
import { describeExit } from './process/running-process.ts';
import type { ProcessNews } from './process/supervised-process.ts';

/** The same line of the same process is shown once in this time; all of them are in the log file. */
const QUIET_MS = 10_000;

const TITLES: Readonly<Record<string, string>> = { kafka: 'Kafka', clickhouse: 'ClickHouse' };

/** @returns how a process is called in a sentence. */
export function titleOf(name: string): string {
  return TITLES[name] ?? `The ${name}`;
}

/** @returns what a person needs of a log line: of a service's JSON the sentence and its fields. */
export function readableLine(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { level, msg, time, service, ...fields } = JSON.parse(line) as Record<string, unknown>;
    const rest = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    return [String(level), String(msg), ...rest].join(' ');
  } catch {
    return line;
  }
}

/** Tells on the console what happens to the processes, without flooding it. */
export function createConsoleNews(): ProcessNews & { silence(): void } {
  const shownAt = new Map<string, number>();
  let isSilent = false;
  const isNew = (text: string): boolean => {
    const now = Date.now();
    if (now - (shownAt.get(text) ?? 0) < QUIET_MS) return false;
    if (shownAt.size > 1_000) shownAt.clear();
    shownAt.set(text, now);
    return true;
  };
  const say = (text: string): void => {
    if (!isSilent) console.error(text);
  };
  return {
    crashed: (name, exit, lastLines, delayMs) => {
      say(
        styleText('red', `${titleOf(name)} ended by itself (${describeExit(exit)}). It said last:`),
      );
      for (const line of lastLines) say(`    ${readableLine(line)}`);
      say(`  It is started again in ${delayMs / 1_000} s.`);
    },
    recovered: (name, tookMs) => {
      say(
        styleText(
          'green',
          `${titleOf(name)} is ready again, ${(tookMs / 1_000).toFixed(1)} s later.`,
        ),
      );
    },
    alarmed: (name, line) => {
      const text = `[${name}] ${readableLine(line)}`;
      if (isNew(text)) say(text);
    },
    changed: () => undefined,
    silence: () => {
      isSilent = true;
    },
  };
}
