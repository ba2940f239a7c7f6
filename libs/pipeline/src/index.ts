export { deadLetter, drop, ok, type Outcome, type Step } from './outcome.ts';
export type { Clock, Log } from './ports.ts';
