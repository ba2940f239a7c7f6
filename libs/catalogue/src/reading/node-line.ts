import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Document,
  type LineCounter,
  type Pair,
} from 'yaml';

/**
 * The line that a path stands on. Aliases and merge keys are followed; when the path ends early (a missing key), it is
 * the line of the innermost part that exists.
 */
export function lineOfPath(
  document: Document.Parsed,
  lines: LineCounter,
  path: readonly PropertyKey[],
): number {
  let node: unknown = document.contents;
  let offset = offsetOf(node) ?? 0;
  for (const segment of path) {
    const step = stepInto(document, node, segment);
    if (step === undefined) break;
    offset = step.offset ?? offset;
    node = step.node;
  }
  return Math.max(1, lines.linePos(offset).line);
}

interface Step {
  readonly node: unknown;
  readonly offset: number | undefined;
}

function stepInto(
  document: Document.Parsed,
  parent: unknown,
  segment: PropertyKey,
): Step | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node)) {
    const item: unknown = node.items[Number(segment)];
    return item === undefined ? undefined : { node: item, offset: offsetOf(item) };
  }
  if (!isMap(node)) return undefined;
  const own = node.items.find((pair) => keyOf(pair) === String(segment));
  if (own !== undefined) return { node: own.value, offset: offsetOf(own.key) };
  return mergedInto(document, node.items, segment);
}

/** Looks behind `<<: *anchor` and `<<: [*a, *b]`. */
function mergedInto(
  document: Document.Parsed,
  pairs: readonly Pair[],
  segment: PropertyKey,
): Step | undefined {
  for (const pair of pairs.filter((candidate) => keyOf(candidate) === '<<')) {
    const sources: readonly unknown[] = isSeq(pair.value) ? pair.value.items : [pair.value];
    for (const source of sources) {
      const step = stepInto(document, source, segment);
      if (step !== undefined) return step;
    }
  }
  return undefined;
}

function keyOf(pair: unknown): string | undefined {
  if (!isPair(pair)) return undefined;
  return isScalar(pair.key) ? String(pair.key.value) : undefined;
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
