/** Where the analysts of projects live: on a server, or in the files of the embedded mode. */
export interface AnalystAccounts {
  /** Makes the analyst, or gives it a new password and the tables that came since. @returns what to tell */
  add(project: string, password: string): Promise<string>;
  /** @returns what to tell */
  remove(project: string): Promise<string>;
  /** Projects that have an analyst, in alphabetical order. */
  list(): Promise<readonly string[]>;
}
