import {
  OPT_OUT_EVENT,
  type FieldRule,
  type ProjectCatalogue,
} from '@rollcall/contracts-catalogue';
import { PUSH_EVENT, pathsOf } from '../paths-of.ts';
import type { PageExample } from './privacy-page.ts';

const EXPLANATION =
  'A dry run answers with the exact rows that would be kept, what would be dropped and why, under a key that is thrown away; nothing is stored. Put what your own client sends in place of the example.';

/**
 * Commands that a reader can copy to see what Rollcall would keep. `{origin}` is left for the caller.
 *
 * Guarantee: the payload names only declared fields and one (`home_directory`) that is not, to be seen dropped.
 */
export function dryRunExamples(project: ProjectCatalogue): PageExample[] {
  const examples: PageExample[] = [];
  if (Object.keys(project.metrics).length > 0) examples.push(pushExample(project));
  const event = fullestEvent(project);
  if (event !== undefined) examples.push(nativeExample(project, event));
  return examples;
}

/** The event that shows most; the row of a push and the count of opt-outs have nothing to show. */
function fullestEvent(project: ProjectCatalogue): string | undefined {
  const sizeOf = (event: string): number => pathsOf(project, event)?.size ?? 0;
  const [fullest] = Object.keys(project.events)
    .filter((event) => event !== PUSH_EVENT && event !== OPT_OUT_EVENT)
    .toSorted((a, b) => sizeOf(b) - sizeOf(a));
  return fullest;
}

function nativeExample(project: ProjectCatalogue, event: string): PageExample {
  const properties: Record<string, unknown> = { home_directory: '/home/you' };
  for (const [path, rule] of pathsOf(project, event) ?? []) setIn(properties, path, sampleOf(rule));
  const body = JSON.stringify({ event, installation_id: 'any-text-you-like', properties });
  return { explanation: EXPLANATION, command: nativeCommand(project.project, body) };
}

function nativeCommand(project: string, body: string): string {
  return [
    `curl -sS '{origin}/p/${project}/events?dry_run=1'`,
    `  -H 'Content-Type: application/json'`,
    `  -d '${shellText(body)}'`,
  ].join(' \\\n');
}

function pushExample(project: ProjectCatalogue): PageExample {
  const lines = Object.entries(project.metrics).map(([name, { labels, value }]) => {
    const pairs = Object.entries(labels).flatMap(([label, rule]) =>
      labelText(label, sampleOf(rule)),
    );
    return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${sampleNumber(value)}`;
  });
  const command = [
    `curl -sS '{origin}/p/${project.project}/?dry_run=1'`,
    `  -H 'X-Cluster-ID: any-text-you-like'`,
    `  -H 'Content-Type: text/plain'`,
    `  --data-binary '${shellText(`${lines.slice(0, 4).join('\n')}\n`)}'`,
  ].join(' \\\n');
  return { explanation: EXPLANATION, command };
}

function labelText(label: string, sample: unknown): string[] {
  return typeof sample === 'string' ? [`${label}="${sample}"`] : [];
}

/** A value that the rule would take; undefined when only its author could name one. */
function sampleOf(rule: FieldRule): unknown {
  if (rule.type === 'boolean') return true;
  if (rule.type === 'integer' || rule.type === 'number') return sampleNumber(rule);
  if (rule.type === 'object') return undefined;
  const text = sampleText(rule);
  return rule.type === 'string[]' && text !== undefined ? [text] : text;
}

function sampleNumber(rule: FieldRule): number {
  const [lowest, highest] = 'range' in rule && rule.range !== undefined ? rule.range : [0, 3];
  return Math.min(highest, Math.max(lowest, 3));
}

function sampleText(rule: FieldRule): string | undefined {
  if ('pattern' in rule && rule.pattern === 'version') return 'v1.2.3';
  if ('enum' in rule) return rule.enum?.find((value) => value !== '');
  return rule.treatment === 'pseudonymize' ? 'any-text-you-like' : undefined;
}

function setIn(target: Record<string, unknown>, path: string, value: unknown): void {
  if (value === undefined) return;
  const parts = path.split('.');
  let inner = target;
  for (const part of parts.slice(0, -1)) {
    const next = inner[part];
    if (typeof next === 'object' && next !== null) inner = next as Record<string, unknown>;
    else inner = inner[part] = {} as Record<string, unknown>;
  }
  const last = parts.at(-1);
  if (last !== undefined) inner[last] = value;
}

function shellText(text: string): string {
  return text.replaceAll("'", `'\\''`);
}
