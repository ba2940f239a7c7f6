import type { DialectName } from '@rollcall/contracts-catalogue';

/** For whom a code is counted in `rollcall.rejections`: what was refused before a project was found is nobody's. */
export type CountedFor =
  | 'the project'
  /** The project, where the address names it; where only the key does, nobody. */
  | 'the address'
  | 'nobody';

export interface Counted {
  readonly code: string;
  readonly for: CountedFor;
  /** Once, where nothing is said. */
  readonly times?: number;
}

/** What is right to answer, and what is to be found afterwards: this, and no more. */
export interface Expected {
  readonly status: number;
  /** In the answer; empty where the clients' form of it has no place for one. */
  readonly code: string;
  /** In `rollcall.rejections`; undefined for input that is not bad. */
  readonly counted: Counted | undefined;
  /** Events that are kept all the same. */
  readonly kept: number;
  /** Of these events, in the dialect that sends samples: label and value of each as they are stored. */
  readonly samples: readonly string[];
}

/** Undefined where a wire cannot say a kind at all. */
export type Row = Readonly<Record<DialectName, Expected | undefined>>;

/** The sample of a good push. */
const GOOD_SAMPLES = ['Postgres 2'];
const NOTHING = { kept: 0, samples: [] };

/** What every good event comes to, and what is not judged. */
export const KEPT: Expected = {
  status: 200,
  code: '',
  counted: undefined,
  kept: 1,
  samples: GOOD_SAMPLES,
};

/** The request as a whole. */
export const refused = (status: number, code: string): Expected => ({
  ...{ status, code, ...NOTHING },
  counted: { code, for: 'the address' },
});

/** Before anybody looked for a project, or because there is none. */
export const refusedUnread = (status: number, code: string): Expected => ({
  ...{ status, code, ...NOTHING },
  counted: { code, for: 'nobody' },
});

/** The only event of a request, by a dialect that says so. */
export const refusedEvent = (code: string): Expected => ({
  ...{ status: 400, code, ...NOTHING },
  counted: { code, for: 'the project' },
});

/** The lines of a push, all of them. */
export const refusedLines = (code: string, times: number): Expected => ({
  ...{ status: 400, code, ...NOTHING },
  counted: { code, for: 'the project', times },
});

/** Answered 200, because these clients would send the same batch again for anything else. */
export const counted = (code: string): Expected => ({
  ...{ status: 200, code: '', ...NOTHING },
  counted: { code, for: 'the project' },
});

/** Kept without the part that is counted, or with that part made usable. */
export const keptWithout = (code: string, samples: readonly string[] = GOOD_SAMPLES): Expected => ({
  ...counted(code),
  kept: 1,
  samples,
});

/** The same for all dialects but some. */
export const all = (expected: Expected, but: Partial<Row> = {}): Row => ({
  native: expected,
  kamaji: expected,
  sveltos: expected,
  cozystack: expected,
  segment: expected,
  posthog: expected,
  ...but,
});

/** For some dialects alone. */
export const only = (some: Partial<Row>): Row => ({
  native: undefined,
  kamaji: undefined,
  sveltos: undefined,
  cozystack: undefined,
  segment: undefined,
  posthog: undefined,
  ...some,
});
