import { z } from 'zod';

/** Columns of `rollcall.events` that a field may be copied to (`column:`), beside staying in `properties`. */
export const PROMOTED_COLUMNS = ['app_version', 'kubernetes_version', 'os', 'arch', 'provider'] as const;
export type PromotedColumn = (typeof PROMOTED_COLUMNS)[number];

const text = z.string().min(1);
const fieldType = z.enum(['string', 'integer', 'number', 'boolean', 'string[]', 'object']);

const base = {
  /** JSON type the field has on the wire. Another type is refused or dropped. */
  type: fieldType,
  /** Why it is collected, one sentence for the public page. */
  purpose: text,
  /** Column of `rollcall.events` that the treated value is copied to. */
  column: z.enum(PROMOTED_COLUMNS).optional(),
};

/** Kept as it is, when it is one of a known set, within a range or of a known form. Text always needs a bound. */
const keep = z.strictObject({
  ...base,
  treatment: z.literal('keep'),
  /** Text is kept when it is in `enum` or matches `pattern`: either is enough. */
  enum: z.array(z.string()).min(1).optional(),
  /** What text that is neither in `enum` nor matches `pattern` becomes; without it the field is dropped. */
  otherwise: text.optional(),
  range: z.tuple([z.number(), z.number()]).optional(),
  /** A name of `NAMED_PATTERNS` or `/regular expression/`, matched whole. */
  pattern: text.optional(),
  maxLength: z.int().min(1).max(512).default(96),
});
/** Replaced by a keyed pseudonym, equal to the installation's when the identifier is equal. */
const pseudonymize = z.strictObject({ ...base, treatment: z.literal('pseudonymize') });
/** A version to its first two numbers, an instant to its day or hour. */
const truncate = z.strictObject({
  ...base,
  treatment: z.literal('truncate'),
  to: z.enum(['minor', 'day', 'hour']),
});
/** A number to the lower edge of its bucket. */
const bucket = z.strictObject({
  ...base,
  treatment: z.literal('bucket'),
  edges: z.array(z.number()).min(1),
});
/** A user agent to browser and operating system families. */
const family = z.strictObject({ ...base, treatment: z.literal('family') });
/** The first element of a list, or the first word of a text; it must be in `enum` or match `pattern`. */
const first = z.strictObject({
  ...base,
  treatment: z.literal('first'),
  enum: z.array(z.string()).min(1).optional(),
  otherwise: text.optional(),
  pattern: text.optional(),
  maxLength: z.int().min(1).max(512).default(96),
});
/** How many elements a list has. */
const count = z.strictObject({ ...base, treatment: z.literal('count') });
/** The path of an address, without host, query and fragment, when it is one of `enum` or matches `pattern`. */
const path = z.strictObject({
  ...base,
  treatment: z.literal('path'),
  enum: z.array(z.string()).min(1).optional(),
  otherwise: text.optional(),
  pattern: text.optional(),
  maxLength: z.int().min(1).max(512).default(96),
});
/** Names before `=` of `--name=value` arguments: the values go. */
const names = z.strictObject({
  ...base,
  treatment: z.literal('names'),
  enum: z.array(z.string()).min(1).optional(),
  otherwise: text.optional(),
  pattern: text.optional(),
  maxLength: z.int().min(1).max(512).default(96),
});

/** What is done with one declared field. Whatever is not declared is dropped. */
export const FieldRuleSchema = z
  .discriminatedUnion('treatment', [keep, pseudonymize, truncate, bucket, family, first, count, path, names])
  .superRefine((rule, context) => {
    // maxLength has a default, so it tells rules with a text bound; an absent enum or pattern is no member at all
    const hasBound = 'maxLength' in rule && (rule.enum !== undefined || rule.pattern !== undefined);
    const isText = rule.type === 'string' || rule.type === 'string[]';
    if (rule.treatment === 'keep' && isText && !hasBound)
      context.addIssue({ code: 'custom', message: 'text that is kept needs an enum or a pattern' });
    if (['first', 'path', 'names'].includes(rule.treatment) && !hasBound)
      context.addIssue({ code: 'custom', message: `${rule.treatment} needs an enum or a pattern` });
    if (rule.type === 'object' && rule.treatment !== 'path')
      context.addIssue({ code: 'custom', message: 'an object is declared by its inner fields (a.b.c)' });
  });
export type FieldRule = z.output<typeof FieldRuleSchema>;
export type FieldType = z.output<typeof fieldType>;
export type Treatment = FieldRule['treatment'];

const TREATMENTS_OF_TYPE: Record<Treatment, readonly FieldType[]> = {
  keep: ['string', 'integer', 'number', 'boolean', 'string[]'],
  pseudonymize: ['string'],
  truncate: ['string'],
  bucket: ['integer', 'number'],
  family: ['string'],
  first: ['string', 'string[]'],
  count: ['string[]'],
  path: ['string', 'object'],
  names: ['string[]'],
};

/** @returns whether a treatment is defined for a wire type. */
export function isTreatable(rule: FieldRule): boolean {
  return TREATMENTS_OF_TYPE[rule.treatment].includes(rule.type);
}
