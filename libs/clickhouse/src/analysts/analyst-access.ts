import { RollcallError } from '@rollcall/contracts-transport';
import { projectRelations } from './project-relations.ts';

/** What the analyst of one project is given. */
export interface AnalystAccess {
  readonly project: string;
  /** Name of the user; also of its profile and its quota. */
  readonly user: string;
  /** Tables and views that it may read, each under {@link filter}; nothing else is granted. */
  readonly relations: readonly string[];
  /** Condition of its rows. */
  readonly filter: string;
}

const PREFIX = 'analyst_';
const PROJECT = /^[a-z][a-z0-9-]{0,62}$/;

/**
 * What the analyst of a project may see: its project's rows of every table and view that has projects.
 *
 * Guarantee: a table that is not in the migrations is not granted, so that forgetting one hides it and shows nothing.
 * @throws CFG_INVALID for a name that no project can have: it becomes part of statements
 */
export function analystAccess(project: string): AnalystAccess {
  if (!PROJECT.test(project))
    throw new RollcallError('CFG_INVALID', 'that is not the name of a project');
  return {
    project,
    user: `${PREFIX}${project}`,
    relations: projectRelations(),
    filter: `project = '${project}'`,
  };
}

/** @returns the project whose analyst a user is, or undefined for another user. */
export function analystOf(user: string): string | undefined {
  return user.startsWith(PREFIX) ? user.slice(PREFIX.length) : undefined;
}
