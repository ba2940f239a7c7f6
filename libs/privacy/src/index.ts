export { createAnonymizer, type Anonymizer } from './anonymize.pipeline.ts';
export type { DropLog } from './drop-log.ts';
export { dryRun, type DryRun } from './dry-run.ts';
export type { EncodedEvent, RawCoordinates } from './event-stages.ts';
export { formatSecond } from './instants.ts';
export { compilePolicy, type ProjectPolicy } from './policy.ts';
export { createProjectKeys, type KeysOf, type ProjectKeys } from './project-keys.ts';
export {
  DOMAINS,
  createPseudonymKey,
  eventIdFor,
  isIdentifier,
  pseudonymize,
  type Pseudonym,
} from './pseudonym.ts';
