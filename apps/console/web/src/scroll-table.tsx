import type { JSX, ReactNode } from 'react';

/** Heading of a column. */
export interface Head {
  readonly title: string;
  readonly isCount?: boolean;
}

interface ScrollTableProps {
  /** What the table is, for who hears it. */
  readonly label: string;
  readonly heads: readonly Head[];
  /** Rows. */
  readonly children: ReactNode;
}

/** A table that scrolls in its own place when it is wider or longer, by the keyboard too. */
export function ScrollTable({ label, heads, children }: ScrollTableProps): JSX.Element {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {heads.map(({ title, isCount = false }, at) => (
              <th key={at} scope="col" className={isCount ? 'count' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
