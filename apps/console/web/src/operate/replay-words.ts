import type { ReplayProgress, ReplaySum } from './use-replay.ts';

const NUMBER = new Intl.NumberFormat('en-US');

const counted = (count: number, one: string): string =>
  `${NUMBER.format(count)} ${one}${count === 1 ? '' : 's'}`;

function sumInWords({ records, lines, repeated, missing }: ReplaySum, isDry: boolean): string {
  const sent = `${counted(lines, 'line')} of ${counted(records, 'record')} ${isDry ? 'would be sent' : 'sent'} again`;
  const equal = repeated === 0 ? '' : `; ${counted(repeated, 'line')} equal to another left out`;
  const gone =
    missing === 0 ? '' : `; ${counted(missing, 'record')} past the retention of Kafka left out`;
  return `${sent}${equal}${gone}`;
}

/** A replay in words, for eyes and for a screen reader. */
export function toWords(progress: ReplayProgress): string {
  if (progress.state === 'idle') return '';
  const { state, isDry, sum, fault } = progress;
  const words = sumInWords(sum, isDry);
  if (state === 'running') return `${isDry ? 'Trying' : 'Replaying'}… ${words} so far.`;
  if (state === 'done') return `${isDry ? 'Tried' : 'Replayed'}: ${words}.`;
  return `Stopped after ${words}. ${fault}.`;
}
