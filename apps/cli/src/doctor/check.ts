/** What was found when one thing was looked at. */
export interface CheckResult {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failed';
  /** One line. Never a password or a key. */
  readonly detail: string;
  /** What to do about it. */
  readonly next?: string;
}

export type Check = () => Promise<CheckResult>;

export function ok(name: string, detail: string): CheckResult {
  return { name, status: 'ok', detail };
}

export function warning(name: string, detail: string, next: string): CheckResult {
  return { name, status: 'warning', detail, next };
}

export function failed(name: string, detail: string, next: string): CheckResult {
  return { name, status: 'failed', detail, next };
}
