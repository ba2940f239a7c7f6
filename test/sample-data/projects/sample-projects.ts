import { COZYSTACK } from './cozystack.ts';
import { GLASSKUBE } from './glasskube.ts';
import { KAMAJI } from './kamaji.ts';
import { KUSK } from './kusk.ts';
import type { SampleProject } from './sample-project.ts';
import { SVELTOS } from './sveltos.ts';

/** All projects of the catalogue. */
export const SAMPLE_PROJECTS: readonly SampleProject[] = [
  KAMAJI,
  SVELTOS,
  GLASSKUBE,
  KUSK,
  COZYSTACK,
];

/** Their names. */
export const SAMPLE_PROJECT_NAMES = SAMPLE_PROJECTS.map(({ name }) => name);
