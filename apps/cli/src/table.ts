/** Rows as a table for a person: columns as wide as what is in them, numbers to the right. */
export function toTable(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const [first] = rows;
  if (first === undefined) return 'No rows.';
  const columns = Object.keys(first).map((name) => toColumn(name, rows));
  const lines = [-1, ...rows.keys()].map((row) =>
    columns
      .map(({ name, cells, width, isNumeric }) => {
        const cell = row < 0 ? name : (cells[row] ?? '');
        return isNumeric ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
  const rule = columns.map(({ width }) => '-'.repeat(width)).join('  ');
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

interface Column {
  readonly name: string;
  readonly cells: readonly string[];
  readonly width: number;
  readonly isNumeric: boolean;
}

function toColumn(name: string, rows: readonly Readonly<Record<string, unknown>>[]): Column {
  const cells = rows.map((row) => toCell(row[name]));
  const width = Math.max(name.length, ...cells.map((cell) => cell.length));
  return { name, cells, width, isNumeric: rows.every((row) => typeof row[name] === 'number') };
}

/** Control characters would let a stored value draw on the terminal. */
function toCell(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(/\p{Cc}/gu, '�');
}
