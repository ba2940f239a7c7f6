import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { RollcallError } from '@rollcall/contracts-transport';
import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import { createCatalogue, type Catalogue, type ExtraKeys } from './catalogue.ts';
import { extraKeyFaults } from './extra-keys.ts';
import { formatFinding, sortFindings, type Finding } from './finding.ts';
import { checkShape, type CheckedFile } from './reading/schema-findings.ts';
import { readYaml } from './reading/yaml-source.ts';
import { directoryFindings, fileFindings } from './rules/catalogue-findings.ts';

/** What a deployment adds to the catalogue’s files. */
export interface LoadOptions {
  /** Key sums that the deployment adds, by project. */
  readonly extraKeys?: ExtraKeys;
}

/** What a directory holds: projects whose files have no fault of their own, and every fault of every file. */
export interface CheckedCatalogue {
  readonly projects: readonly ProjectCatalogue[];
  readonly findings: readonly Finding[];
}

/**
 * Reads every `*.yaml` of a directory as the law for what may be collected.
 *
 * Guarantee: all or nothing. All faults of all files are in the one error, each with file, line, path and advice.
 * @throws {RollcallError} CAT_INVALID when anything is wrong, also when there is no file.
 */
export async function loadCatalogue(
  directory: string,
  options: LoadOptions = {},
): Promise<Catalogue> {
  const { projects, findings } = await checkCatalogue(directory);
  refuse(findings);
  const faults = extraKeyFaults(projects, options.extraKeys ?? {});
  if (faults.length > 0) throw new RollcallError('CAT_INVALID', faults.join('\n'));
  return createCatalogue(projects, options.extraKeys);
}

/** Checks every `*.yaml` of a directory without throwing for what it finds. */
export async function checkCatalogue(directory: string): Promise<CheckedCatalogue> {
  const names = await yamlNames(directory);
  if (names === undefined)
    return nothing(
      directory,
      'the directory cannot be read',
      'Set CATALOGUE_DIR to the directory of the project files',
    );
  if (names.length === 0)
    return nothing(
      directory,
      'there is no .yaml file',
      'Add one file per project, named <project>.yaml',
    );
  return checkFiles(
    names.map((name) => join(directory, name)),
    directoryFindings,
  );
}

/**
 * Reads one project's file by itself, whatever its name; rules between files are not checked.
 *
 * @throws {RollcallError} CAT_INVALID
 */
export async function loadCatalogueFile(path: string): Promise<ProjectCatalogue> {
  const { projects, findings } = await checkFiles([path], () => []);
  refuse(findings);
  const [project] = projects;
  if (project === undefined)
    throw new RollcallError('CAT_INVALID', `${basename(path)} holds no project`);
  return project;
}

function refuse(findings: readonly Finding[]): void {
  if (findings.length > 0)
    throw new RollcallError('CAT_INVALID', ['', ...findings.map(formatFinding)].join('\n'));
}

async function checkFiles(
  paths: readonly string[],
  findingsBetween: typeof directoryFindings,
): Promise<CheckedCatalogue> {
  const read = await Promise.all(paths.map(readOne));
  const checked = read.flatMap((file) => file.checked ?? []);
  const findings = [
    ...read.flatMap((file) => file.findings),
    ...fileFindings(checked),
    ...findingsBetween(checked),
  ];
  return { projects: checked.map((file) => file.project), findings: sortFindings(findings) };
}

async function readOne(path: string): Promise<{ checked?: CheckedFile; findings: Finding[] }> {
  const file = basename(path);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    const problem = `the file cannot be read`;
    return {
      findings: [
        {
          file,
          line: 1,
          path: '',
          problem,
          advice: `Check that it exists in ${dirname(path)} and may be read`,
        },
      ],
    };
  }
  const { source, findings } = readYaml(file, text);
  return source === undefined ? { findings } : checkShape(source);
}

/** Kubernetes mounts a ConfigMap with links beside hidden directories (`..data`): names that begin with a dot are skipped. */
async function yamlNames(directory: string): Promise<string[] | undefined> {
  const names = await readdir(directory).catch(() => undefined);
  return names?.filter((name) => name.endsWith('.yaml') && !name.startsWith('.')).toSorted();
}

function nothing(directory: string, problem: string, advice: string): CheckedCatalogue {
  return { projects: [], findings: [{ file: directory, line: 1, path: '', problem, advice }] };
}
