import { compilePattern, type FieldRule } from '@rollcall/contracts-catalogue';
import { WRONG_TYPE, WRONG_VALUE, type Treatment } from './treatment.ts';

type TruncateRule = Extract<FieldRule, { treatment: 'truncate' }>;
type Cut = (text: string) => string | typeof WRONG_VALUE;

const CUTS: Record<TruncateRule['to'], Cut> = { minor: cutVersion, day: cutToDay, hour: cutToHour };

const VERSION = compilePattern('version');
const MAJOR_MINOR = /^v?\d+(?:\.\d+)?/;
const MAX_VERSION_LENGTH = 96;

/** RFC 3339 with any precision of seconds; Go writes nanoseconds. */
const INSTANT = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** A version to its first two numbers (`v1.33.1-eks-1-33-8` to `v1.33`), an instant to its UTC day or hour. */
export function createTruncate({ to }: TruncateRule): Treatment {
  const cut = CUTS[to];
  return (value) => (typeof value === 'string' ? cut(value) : WRONG_TYPE);
}

function cutVersion(text: string): string | typeof WRONG_VALUE {
  if (text.length > MAX_VERSION_LENGTH || VERSION?.test(text) !== true) return WRONG_VALUE;
  return MAJOR_MINOR.exec(text)?.[0] ?? WRONG_VALUE;
}

function cutToDay(text: string): string | typeof WRONG_VALUE {
  const iso = toIso(text);
  return iso === undefined ? WRONG_VALUE : iso.slice(0, 10);
}

function cutToHour(text: string): string | typeof WRONG_VALUE {
  const iso = toIso(text);
  return iso === undefined ? WRONG_VALUE : `${iso.slice(0, 13)}:00:00Z`;
}

function toIso(text: string): string | undefined {
  const epochMs = INSTANT.test(text) ? Date.parse(text.replace(' ', 'T')) : NaN;
  return Number.isNaN(epochMs) ? undefined : new Date(epochMs).toISOString();
}
