import type { FieldRule, ProjectCatalogue } from '@rollcall/contracts-catalogue';
import { dryRunExamples } from './dry-run-examples.ts';
import { explainRule } from './explain-rule.ts';
import type { PageEvent, PageField, PageOptOut, PrivacyPage } from './privacy-page.ts';
import {
  NEVER_COLLECTED,
  erasureSentences,
  flowSentences,
  pseudonymSentences,
} from './standing-facts.ts';

/**
 * The model of a project's page "what we collect".
 *
 * Guarantee: pure; every field, event, metric and label of the file is on the page, and nothing else is.
 */
export function describeProject(project: ProjectCatalogue): PrivacyPage {
  return {
    project: project.project,
    title: project.title,
    homepage: project.homepage,
    contact: project.contact,
    why: project.why,
    dialects: project.dialects,
    commonFields: toFields(project.fields),
    events: toEvents(project),
    metrics: toMetrics(project),
    ...describeTreatment(project),
    ...describeRights(project),
    notCollected: [...project.not_collected, ...NEVER_COLLECTED],
    dropped: Object.entries(project.dropped).map(([path, reason]) => ({ path, reason })),
    dryRun: dryRunExamples(project),
  };
}

function toFields(fields: Readonly<Record<string, FieldRule>>): PageField[] {
  return Object.entries(fields).map(([path, rule]) => toField(path, rule));
}

function toField(path: string, rule: FieldRule): PageField {
  const { type, treatment, purpose } = rule;
  return { path, type, treatment, how: explainRule(rule), purpose };
}

function toEvents(project: ProjectCatalogue): PageEvent[] {
  return Object.entries(project.events).map(([name, { purpose, fields }]) => ({
    name,
    purpose,
    fields: toFields(fields),
  }));
}

function toMetrics(project: ProjectCatalogue): PageEvent[] {
  return Object.entries(project.metrics).map(([name, { purpose, labels, value }]) => ({
    name,
    purpose,
    fields: [...toFields(labels), toField('value', value)],
  }));
}

type TreatmentPart = Pick<
  PrivacyPage,
  'installation' | 'treatment' | 'retention' | 'flow' | 'pseudonyms'
>;

function describeTreatment(project: ProjectCatalogue): TreatmentPart {
  const { source, purpose, rotation } = project.installation;
  return {
    installation: {
      title: 'How installations are told apart',
      sentences: [
        `${source} ${purpose}`,
        'It is replaced by a pseudonym before it reaches a table.',
      ],
    },
    treatment: {
      title: 'How it is treated',
      sentences: [
        'Only what this page names is kept. Each field is treated as its row says; a value of another type or outside its limits is dropped.',
        `The time a client reports is kept beside the time of arrival; numbers per day use it only as far as it lies within ${project.allowed_skew_hours} hours of the arrival.`,
        `Published numbers are about all installations together; a number that fewer than ${project.minimum_cell} installations stand behind is not shown.`,
      ],
    },
    retention: {
      title: 'How long it is kept',
      days: project.retention_days,
      sentences: [
        `Rows are kept for ${project.retention_days} days after arrival and then deleted.`,
      ],
    },
    flow: { title: 'Where it flows', sentences: flowSentences() },
    pseudonyms: { title: 'Pseudonyms and their keys', sentences: pseudonymSentences(rotation) },
  };
}

type RightsPart = Pick<PrivacyPage, 'access' | 'optOut' | 'optOutNote' | 'erasure'>;

function describeRights(project: ProjectCatalogue): RightsPart {
  return {
    access: { title: 'Who may see it', sentences: [project.access] },
    optOut: project.opt_out.map(toOptOut),
    optOutNote: {
      title: 'How to opt out',
      sentences: [
        'Browsers that send “Do Not Track” or “Global Privacy Control” are answered as usual, and what they send is not kept.',
        'Rollcall may count that somebody switched telemetry off; that count carries no identifier.',
      ],
    },
    erasure: {
      title: 'How to have data erased',
      sentences: [
        project.erasure.instruction,
        `Contact: ${project.erasure.contact}`,
        ...erasureSentences(project.project),
      ],
    },
  };
}

function toOptOut({
  title,
  instruction,
  command,
}: ProjectCatalogue['opt_out'][number]): PageOptOut {
  return command === undefined ? { title, instruction } : { title, instruction, command };
}
