import type { Tombstones } from './tombstones.ts';

const LINE_END = 0x0a;
/** As JSON.stringify writes the column. Inside a text its quotes would be escaped, so no value can look like it. */
const INSTALLATION = Buffer.from('"installation":"');
const PSEUDONYM_HEX_DIGITS = 32;

/** Rows as they may be stored, and how many were taken out. */
export interface KeptRows {
  readonly chunks: readonly Buffer[];
  readonly keptOutCount: number;
}

/**
 * Takes the lines of erased installations out of NDJSON. Each chunk holds whole lines.
 *
 * Nothing is parsed but lines in which the pseudonym of an erased installation stands: those are looked at closely,
 * because the pseudonym can stand in a property of another installation's row, which stays. Without tombstones the bytes
 * are not looked at.
 */
export function withoutErased(
  chunks: readonly Buffer[],
  erased: Pick<Tombstones, 'isEmpty' | 'mayHold' | 'has'>,
): KeptRows {
  if (erased.isEmpty) return { chunks, keptOutCount: 0 };
  const kept: Buffer[] = [];
  let keptOutCount = 0;
  for (const chunk of chunks) {
    let keptFrom = 0;
    for (const line of suspectLines(chunk, erased)) {
      if (!isErased(chunk.toString('utf8', line.start, line.end), erased)) continue;
      kept.push(chunk.subarray(keptFrom, line.start));
      keptFrom = line.end;
      keptOutCount += 1;
    }
    kept.push(chunk.subarray(keptFrom));
  }
  return { chunks: kept.filter(({ length }) => length > 0), keptOutCount };
}

interface LineBounds {
  readonly start: number;
  /** Not included; behind the line's end. */
  readonly end: number;
}

function* suspectLines(
  chunk: Buffer,
  erased: Pick<Tombstones, 'mayHold'>,
): Generator<LineBounds, void> {
  let from = 0;
  for (;;) {
    const at = chunk.indexOf(INSTALLATION, from);
    if (at === -1) return;
    const start = at + INSTALLATION.length;
    from = start;
    if (!erased.mayHold(chunk.toString('latin1', start, start + PSEUDONYM_HEX_DIGITS))) continue;
    const end = chunk.indexOf(LINE_END, start);
    from = end === -1 ? chunk.length : end + 1;
    yield { start: chunk.lastIndexOf(LINE_END, at) + 1, end: from };
  }
}

function isErased(line: string, erased: Pick<Tombstones, 'has'>): boolean {
  try {
    const { project, installation } = JSON.parse(line) as Record<string, unknown>;
    return (
      typeof project === 'string' &&
      typeof installation === 'string' &&
      erased.has(project, installation)
    );
  } catch {
    // ClickHouse refuses it, and its coordinates become a dead letter
    return false;
  }
}
