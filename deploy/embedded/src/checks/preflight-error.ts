/** What a person has to mend before a start can work: every fault that was found, each with what to do. */
export class PreflightError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'PreflightError';
    this.faults = faults;
  }
}
