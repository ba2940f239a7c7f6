import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import type { Finding } from '../finding.ts';
import type { CheckedFile } from '../reading/schema-findings.ts';
import type { Fault } from './fault.ts';
import { fieldFaults } from './field-faults.ts';
import { projectFaults } from './project-faults.ts';

/** Faults of files that passed their schema, each by itself. */
export function fileFindings(files: readonly CheckedFile[]): Finding[] {
  return files.flatMap((file) =>
    [...fieldFaults(file.project), ...projectFaults(file.project)].map((fault) =>
      locate(file, fault),
    ),
  );
}

/** Faults between the files of a directory: names, hosts and keys. */
export function directoryFindings(files: readonly CheckedFile[]): Finding[] {
  return files.flatMap((file) => {
    const others = files.filter((other) => other !== file);
    return [...nameFaults(file), ...sharedFaults(file, others)].map((fault) => locate(file, fault));
  });
}

function locate({ source }: CheckedFile, { at, problem, advice }: Fault): Finding {
  return { file: source.file, line: source.lineOf(at), path: at.join('.'), problem, advice };
}

function nameFaults({ source, project }: CheckedFile): Fault[] {
  if (source.file === `${project.project}.yaml`) return [];
  const advice = `Rename the file to ${project.project}.yaml, or correct the name`;
  return [
    {
      at: ['project'],
      problem: `the file is not named after the project "${project.project}"`,
      advice,
    },
  ];
}

/** What two files may not share: a request must lead to one project. */
function sharedFaults({ project }: CheckedFile, others: readonly CheckedFile[]): Fault[] {
  return others.flatMap((other) => [
    ...(other.project.project === project.project
      ? [shared(['project'], `the name "${project.project}"`, other)]
      : []),
    ...intersection(project.hosts, other.project.hosts).map((host) =>
      shared(['hosts'], `the host ${host}`, other),
    ),
    ...intersection(keysOf(project), keysOf(other.project)).map(() =>
      shared(['write_keys'], 'a write key', other),
    ),
  ]);
}

function shared(at: readonly string[], what: string, other: CheckedFile): Fault {
  return { at, problem: `${what} is in ${other.source.file} too`, advice: 'Leave it in one file' };
}

function keysOf(project: ProjectCatalogue): readonly string[] {
  return project.write_keys === 'public' ? [] : project.write_keys;
}

function intersection(a: readonly string[], b: readonly string[]): string[] {
  const known = new Set(b);
  return [...new Set(a)].filter((value) => known.has(value));
}
