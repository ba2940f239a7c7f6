import { useEffect, useRef, useState } from 'react';
import type { ApiRejection, ApiReplay } from '../../../src/api.ts';
import { ApiError, sendJson } from '../api-client.ts';

export type ReplaySum = Omit<ApiReplay, 'next'>;

/** How far a replay is. `isDry`: it reads and counts, and sends nothing. */
export type ReplayProgress =
  | { readonly state: 'idle' }
  | {
      readonly state: 'running' | 'done' | 'failed';
      readonly isDry: boolean;
      readonly sum: ReplaySum;
      /** What stopped it; empty unless it failed. */
      readonly fault: string;
    };

export interface ReplayControl {
  readonly progress: ReplayProgress;
  /** Goes on piece by piece until all is through, something fails, or the page is left. */
  readonly run: (isDry: boolean) => Promise<void>;
}

const NONE: ReplaySum = { records: 0, lines: 0, repeated: 0, missing: 0 };

const add = (sum: ReplaySum, piece: ApiReplay): ReplaySum => ({
  records: sum.records + piece.records,
  lines: sum.lines + piece.lines,
  repeated: sum.repeated + piece.repeated,
  missing: sum.missing + piece.missing,
});

/** Sends what was refused through again, as far back as it is shown. */
export function useReplay({ topic, code, project }: ApiRejection, days: number): ReplayControl {
  const [progress, setProgress] = useState<ReplayProgress>({ state: 'idle' });
  const isLeft = useRef(false);
  useEffect(() => {
    isLeft.current = false;
    return () => {
      isLeft.current = true;
    };
  }, []);
  const run = async (isDry: boolean): Promise<void> => {
    let sum = NONE;
    let after: string | null | undefined;
    const tell = (state: 'running' | 'done' | 'failed', fault = ''): void =>
      setProgress({ state, isDry, sum, fault });
    tell('running');
    try {
      do {
        const request = { topic, code, project, days, dry_run: isDry, ...(after && { after }) };
        const answer = await sendJson('POST', '/operate/api/replays', request);
        const piece = (await answer.json()) as ApiReplay;
        sum = add(sum, piece);
        after = piece.next;
        tell(after === null ? 'done' : 'running');
      } while (after !== null && !isLeft.current);
    } catch (error) {
      // what is no answer of the console's is one that broke off, or that something in between gave
      tell('failed', error instanceof ApiError ? error.message : 'The answer cannot be read');
    }
  };
  return { progress, run };
}
