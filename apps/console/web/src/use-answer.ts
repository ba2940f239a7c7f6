import { useEffect, useState } from 'react';
import { ApiError, getJson } from './api-client.ts';

export type Asked<Answer> =
  | { readonly state: 'asking' }
  | { readonly state: 'answered'; readonly answer: Answer }
  | {
      readonly state: 'failed';
      readonly error: ApiError;
      /** What this path answered before, while it was asked again and again. */
      readonly last: Answer | undefined;
    };

/** Asks once; with `everyMs` again and again, keeping the last answer meanwhile. */
export function useAnswer<Answer>(path: string, everyMs?: number): Asked<Answer> {
  const [asked, setAsked] = useState<Asked<Answer>>({ state: 'asking' });
  useEffect(() => {
    const leaving = new AbortController();
    let last: Answer | undefined;
    const ask = async (): Promise<void> => {
      try {
        const answer = await getJson<Answer>(path, leaving.signal);
        if (leaving.signal.aborted) return;
        last = answer;
        setAsked({ state: 'answered', answer });
      } catch (error) {
        if (error instanceof ApiError && !leaving.signal.aborted)
          setAsked({ state: 'failed', error, last });
      }
    };
    void ask();
    const timer = everyMs === undefined ? undefined : setInterval(() => void ask(), everyMs);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [path, everyMs]);
  return asked;
}
