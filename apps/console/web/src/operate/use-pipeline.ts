import { useEffect, useState } from 'react';
import type { ApiPipeline, ApiStage } from '../../../src/api.ts';
import { ApiError, getJson } from '../api-client.ts';
import type { Lines } from '../chart/lines.ts';

const EVERY_MS = 2_000;
/** Ten minutes. */
const KEPT = 300;

export interface LivePipeline {
  readonly stages: readonly ApiStage[];
  readonly rates: Lines;
  readonly fault: ApiError | undefined;
}

/** Asks every two seconds. Rates are differences of counters; one that went back began anew. */
export function usePipeline(): LivePipeline {
  const [seen, setSeen] = useState<readonly ApiPipeline[]>([]);
  const [fault, setFault] = useState<ApiError>();
  useEffect(() => {
    const leaving = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        const pipeline = await getJson<ApiPipeline>('/operate/api/pipeline', leaving.signal);
        setSeen((before) => [...before, pipeline].slice(-KEPT));
        setFault(undefined);
      } catch (error) {
        if (error instanceof ApiError && !leaving.signal.aborted) setFault(error);
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), EVERY_MS);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, []);
  return { stages: seen.at(-1)?.stages ?? [], rates: ratesOf(seen), fault };
}

const secondsOf = ({ at }: ApiPipeline): number => Date.parse(at) / 1_000;

function rateOf(before: ApiPipeline, after: ApiPipeline, name: string): number | null {
  const countIn = ({ stages }: ApiPipeline): number | null =>
    stages.find((stage) => stage.name === name)?.events ?? null;
  const [from, to] = [countIn(before), countIn(after)];
  const seconds = secondsOf(after) - secondsOf(before);
  if (from === null || to === null || to < from || seconds <= 0) return null;
  return (to - from) / seconds;
}

function ratesOf(seen: readonly ApiPipeline[]): Lines {
  const pairs = seen.slice(1).map((after, index) => [seen[index] ?? after, after] as const);
  return {
    at: pairs.map(([, after]) => secondsOf(after)),
    lines: ['gateway', 'anonymizer', 'sink'].map((name) => ({
      name,
      values: pairs.map(([before, after]) => rateOf(before, after, name)),
    })),
  };
}
