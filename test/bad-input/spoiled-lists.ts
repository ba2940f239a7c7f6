import { replaced, textOf, type Spoil } from './spoil.ts';
import { secondOf } from './wires.ts';

/** A list of events or lines with a bad one in the middle; for reports that stand alone, two of them in one body. */
export const oneBadAmongGood: Spoil = (wire, id) => {
  const sent = wire.good(id);
  const text = textOf(sent);
  const next = textOf(wire.good(secondOf(id)));
  switch (wire.dialect) {
    case 'native':
      return { ...sent, body: `${text}\n{"event":"unheard-of"}\n${next}\n` };
    case 'cozystack':
      return {
        ...sent,
        body: `${text}cozy_application_count{kind= 3\ncozy_application_count{kind="Redis"} 4\n`,
      };
    case 'segment':
      return replaced(sent, '"batch":[', `"batch":[${eventIn(next)},{"type":"track"},`);
    case 'posthog':
      return replaced(sent, '"batch":[', `"batch":[${eventIn(next)},{"properties":{}},`);
    default:
      return { ...sent, body: text + text };
  }
};

/** The only event of a batch. */
function eventIn(text: string): string {
  return /"batch":\[(.*)\]/.exec(text)?.[1] ?? '';
}

/** Lines of which the middle one ends too soon. Only two dialects take lines at all. */
export const oneBrokenLine: Spoil = (wire, id) => {
  const sent = wire.good(id);
  const line = textOf(sent).trimEnd();
  const next = textOf(wire.good(secondOf(id))).trimEnd();
  const half = line.slice(0, Math.floor(line.length * 0.6));
  return { ...sent, body: `${line}\n${half}\n${next}\n` };
};
