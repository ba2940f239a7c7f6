import type { TestModule } from 'vitest/node';

/** How many tests ended in which way. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

function countModule(module: TestModule): Counts {
  const states = [...module.children.allTests()].map((test) => test.result().state);
  const count = (state: string): number => states.filter((each) => each === state).length;
  const suites = [...module.children.allSuites()];
  // a file that could not be read, or a hook that failed, has tests that never ran: each is one failure
  const faults = [module, ...suites].filter((each) => each.errors().length > 0).length;
  return {
    passed: count('passed'),
    failed: count('failed') + faults,
    skipped: states.length - count('passed') - count('failed'),
  };
}

/** Counts tests, and as a failure each fault that kept tests from being run. */
export function countResults(modules: readonly TestModule[], otherFaults: number): Counts {
  const perModule = modules.map(countModule);
  const sum = (key: keyof Counts): number =>
    perModule.reduce((total, counts) => total + counts[key], 0);
  return { passed: sum('passed'), failed: sum('failed') + otherFaults, skipped: sum('skipped') };
}

/** @returns the line that ends a run: people and machines read the result from it. */
export function lastLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
