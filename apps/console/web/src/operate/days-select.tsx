import type { JSX } from 'react';

interface DaysSelectProps {
  readonly choices: readonly number[];
  readonly days: number;
  readonly chosen: (days: number) => void;
}

/** How far back to look. */
export function DaysSelect({ choices, days, chosen }: DaysSelectProps): JSX.Element {
  return (
    <label>
      Of the last{' '}
      <select value={days} onChange={({ target }) => chosen(Number(target.value))}>
        {choices.map((count) => (
          <option key={count} value={count}>
            {count === 1 ? 'day' : `${count} days`}
          </option>
        ))}
      </select>
    </label>
  );
}
