import { z } from 'zod';
import { toCode, toTable } from './table.ts';

/** A program and the schema of its environment. */
export interface Program {
  readonly name: string;
  readonly schema: z.ZodObject;
}

/** @returns the page of all environment variables, by program. */
export function settingsPage(programs: readonly Program[]): string {
  const sections = programs.map(({ name, schema }) => {
    const rows = Object.entries(schema.shape).map(([variable, field]) =>
      toRow(variable, field as z.ZodType),
    );
    return `## ${name}\n\n${toTable(['variable', 'default', 'values', 'what it sets'], rows)}`;
  });
  return [
    '# Settings',
    'Everything is an environment variable. They are read once, at start; all faults are reported together, by name and never ' +
      'with the value. An empty variable counts as unset.',
    ...sections,
  ].join('\n\n');
}

function toRow(variable: string, field: z.ZodType): string[] {
  const meta = field.meta() ?? {};
  const description = meta.description;
  if (description === undefined) throw new Error(`${variable} has no description`);
  return [toCode(variable), defaultOf(field), valuesOf(field), description];
}

function defaultOf(field: z.ZodType): string {
  const given = field.safeParse(undefined);
  if (!given.success) return 'required';
  if (given.data === undefined) return '';
  return toCode(toText(given.data));
}

/** A default as it is written in the environment. */
function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(',') : JSON.stringify(value);
}

interface Shape {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What a variable may hold, as far as its schema says it in JSON Schema. */
function valuesOf(field: z.ZodType): string {
  if (field.meta()?.['secret'] === true) return 'secret';
  const {
    type,
    enum: words,
    minimum,
    maximum,
  } = z.toJSONSchema(field, {
    io: 'output',
    unrepresentable: 'any',
  }) as Shape;
  if (words !== undefined) return words.map(toCode).join(', ');
  if (type === 'boolean') return '`true`, `false`';
  if (type !== 'integer' && type !== 'number') return '';
  return rangeOf(minimum, maximum);
}

function rangeOf(minimum: number | undefined, maximum: number | undefined): string {
  const isOpen = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER;
  return isOpen ? `${minimum ?? ''} or more` : `${minimum ?? ''} to ${maximum}`;
}
