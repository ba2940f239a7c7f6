import { styleText } from 'node:util';

/** Says what takes time. */
export interface Progress {
  /** Runs the work and says that it runs, when it takes long, and how long it took. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  say(line: string): void;
}

/** For whoever does not look. */
export const silentProgress: Progress = {
  step: (_title, work) => work(),
  say: () => undefined,
};

const LONG_MS = 1_000;
const AGAIN_EVERY_MS = 15_000;

function seconds(sinceMs: number): string {
  return `${((Date.now() - sinceMs) / 1_000).toFixed(1)} s`;
}

/**
 * Progress as plain lines, the same in a terminal and in a log file. Steps that run side by side would fight for a
 * line that is redrawn.
 */
export const consoleProgress: Progress = {
  say: (line) => console.log(line),
  step: async (title, work) => {
    const startedAt = Date.now();
    let timer = setTimeout(function tell() {
      console.log(
        `  … ${title}${Date.now() - startedAt < 2 * LONG_MS ? '' : `, ${seconds(startedAt)}`}`,
      );
      timer = setTimeout(tell, AGAIN_EVERY_MS);
    }, LONG_MS);
    try {
      const value = await work();
      console.log(`  ${styleText('green', '✓')} ${title}  ${styleText('dim', seconds(startedAt))}`);
      return value;
    } catch (fault) {
      console.log(`  ${styleText('red', '✗')} ${title}`);
      throw fault;
    } finally {
      clearTimeout(timer);
    }
  },
};
