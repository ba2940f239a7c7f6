import type { Log } from '@rollcall/pipeline';

/** A line as it was logged. */
export interface LoggedLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that keeps its lines, oldest first. */
export interface RecordingLog extends Log {
  readonly lines: readonly LoggedLine[];
  /** Everything that was logged, as text: to search for what must not be in it. */
  text(): string;
}

/** @returns a log for tests of what is said, and of what is not. */
export function createRecordingLog(): RecordingLog {
  const lines: LoggedLine[] = [];
  const keep =
    (level: LoggedLine['level']): Log['info'] =>
    (message, fields = {}) => {
      lines.push({ level, message, fields });
    };
  return {
    lines,
    text: () => lines.map((line) => JSON.stringify(line)).join('\n'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
  };
}
