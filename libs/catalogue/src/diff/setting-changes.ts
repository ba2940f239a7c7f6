import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import { change, keyDifference, listDifference, numberChange, type Change } from './change.ts';

/** What changed for the project as a whole: how long, who, how it is let go. */
export function settingChanges(before: ProjectCatalogue, after: ProjectCatalogue): Change[] {
  return [
    ...numberChange(
      'retention_days',
      [before.retention_days, after.retention_days],
      'days that rows are kept',
      'widens',
    ),
    ...numberChange(
      'allowed_skew_hours',
      [before.allowed_skew_hours, after.allowed_skew_hours],
      'hours that a client’s clock may be off',
      'widens',
    ),
    ...numberChange(
      'minimum_cell',
      [before.minimum_cell, after.minimum_cell],
      'fewest installations behind a public number',
      'narrows',
    ),
    ...rotationChanges(before, after),
    ...accessChanges(before, after),
    ...originChanges(before, after),
    ...writerChanges(before, after),
    ...rightsChanges(before, after),
    ...wordingChanges(before, after),
  ];
}

const ROTATIONS = ['monthly', 'quarterly', 'yearly', 'never'] as const;

function rotationChanges(
  { installation: before }: ProjectCatalogue,
  { installation: after }: ProjectCatalogue,
): Change[] {
  if (before.rotation === after.rotation) return [];
  const isSlower = ROTATIONS.indexOf(after.rotation) > ROTATIONS.indexOf(before.rotation);
  const text = `new pseudonyms: ${before.rotation} → ${after.rotation}`;
  const effect = isSlower
    ? 'one installation can be followed for longer'
    : 'one installation can be followed less long';
  return [change(isSlower ? 'widens' : 'narrows', 'installation.rotation', `${text}; ${effect}`)];
}

/** Sentences cannot be compared by rule, so a new one counts as widening until a person has read it. */
function accessChanges(before: ProjectCatalogue, after: ProjectCatalogue): Change[] {
  if (before.access === after.access) return [];
  return [
    change(
      'widens',
      'access',
      'who may see the data is worded differently; read whether it is more people',
    ),
  ];
}

function originChanges(before: ProjectCatalogue, after: ProjectCatalogue): Change[] {
  const { added, removed } = listDifference(before.origins, after.origins);
  if (added.length === 0 && removed.length === 0) return [];
  if (before.origins.length === 0)
    return [
      change('narrows', 'origins', `browsers may send from ${after.origins.join(', ')} only`),
    ];
  if (after.origins.length === 0)
    return [change('widens', 'origins', 'browsers may send from any origin')];
  return [
    ...added.map((origin) => change('widens', 'origins', `browsers may send from ${origin} too`)),
    ...removed.map((origin) =>
      change('narrows', 'origins', `browsers may no longer send from ${origin}`),
    ),
  ];
}

/** Ways in. They let other clients send; what is kept of it stays the same. */
function writerChanges(before: ProjectCatalogue, after: ProjectCatalogue): Change[] {
  const lists = [
    ['hosts', before.hosts, after.hosts],
    ['dialects', before.dialects, after.dialects],
  ] as const;
  const changes = lists.flatMap(([path, from, to]) => {
    const { added, removed } = listDifference<string>(from, to);
    return [
      ...added.map((entry) => change('neutral', path, `new: ${entry}`)),
      ...removed.map((entry) => change('neutral', path, `gone: ${entry}`)),
    ];
  });
  const isSame = JSON.stringify(before.write_keys) === JSON.stringify(after.write_keys);
  if (!isSame) changes.push(change('neutral', 'write_keys', 'who may send has changed'));
  return changes;
}

function rightsChanges(before: ProjectCatalogue, after: ProjectCatalogue): Change[] {
  const optOut = listDifference(before.opt_out.map(toText), after.opt_out.map(toText));
  const promises = listDifference(before.not_collected, after.not_collected);
  const dropped = keyDifference(before.dropped, after.dropped);
  return [
    ...optOut.removed.map((way) =>
      change('widens', 'opt_out', `a way to opt out is gone or worded differently: ${way}`),
    ),
    ...optOut.added.map((way) =>
      change('neutral', 'opt_out', `a way to opt out is new or worded differently: ${way}`),
    ),
    ...promises.removed.map((promise) =>
      change('widens', 'not_collected', `no longer promised: ${promise}`),
    ),
    ...promises.added.map((promise) =>
      change('narrows', 'not_collected', `promised now: ${promise}`),
    ),
    ...dropped.removed.map((path) =>
      change('neutral', `dropped.${path}`, 'no longer said to be dropped'),
    ),
    ...dropped.added.map((path) => change('neutral', `dropped.${path}`, 'said to be dropped now')),
  ];
}

function toText({ title, command, instruction }: ProjectCatalogue['opt_out'][number]): string {
  return `${title}: ${command ?? instruction}`;
}

/** Texts of the page and filters of the numbers: worth a line, without effect on what is kept. */
function wordingChanges(before: ProjectCatalogue, after: ProjectCatalogue): Change[] {
  const parts = (project: ProjectCatalogue): readonly (readonly [string, unknown])[] => [
    ['title', project.title],
    ['homepage', project.homepage],
    ['contact', project.contact],
    ['why', project.why],
    ['installation.source', project.installation.source],
    ['installation.purpose', project.installation.purpose],
    ['erasure', project.erasure],
    ['filters', project.filters],
  ];
  const now = new Map(parts(after));
  return parts(before)
    .filter(([path, value]) => JSON.stringify(value) !== JSON.stringify(now.get(path)))
    .map(([path]) => change('neutral', path, 'is worded or set differently'));
}
