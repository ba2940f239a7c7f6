import { z } from 'zod';

/** Columns of `rollcall.events` that a field may be copied to (`column:`), beside staying in `properties`. */
export const PROMOTED_COLUMNS = [
  'app_version',
  'kubernetes_version',
  'os',
  'arch',
  'provider',
] as const;
/** One of {@link PROMOTED_COLUMNS}. */
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
  /** What `pattern` means, for the public page: it goes on after "kept when it …". */
  form: text.optional(),
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
  form: text.optional(),
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
  form: text.optional(),
  maxLength: z.int().min(1).max(512).default(96),
});
/** Names before `=` of `--name=value` arguments: the values go. */
const names = z.strictObject({
  ...base,
  treatment: z.literal('names'),
  enum: z.array(z.string()).min(1).optional(),
  otherwise: text.optional(),
  pattern: text.optional(),
  form: text.optional(),
  maxLength: z.int().min(1).max(512).default(96),
});

const AnyRuleSchema = z.discriminatedUnion('treatment', [
  keep,
  pseudonymize,
  truncate,
  bucket,
  family,
  first,
  count,
  path,
  names,
]);

/** What is done with one declared field. Whatever is not declared is dropped. */
export const FieldRuleSchema = AnyRuleSchema.superRefine((rule, context) => {
  if (rule.type === 'object' && rule.treatment !== 'path')
    context.addIssue({
      code: 'custom',
      message: 'an object cannot be kept as a whole',
      params: { advice: 'Declare its inner fields (a.b.c)' },
    });
  if (needsBound(rule) && !hasBound(rule))
    context.addIssue({
      code: 'custom',
      message: `text with the treatment ${rule.treatment} needs a bound`,
      params: { advice: 'Add enum:, or pattern: with version, slug or /an expression/' },
    });
});

type AnyRule = z.output<typeof AnyRuleSchema>;

/** Text always needs a bound: without one it could hold anything. */
function needsBound({ treatment, type }: AnyRule): boolean {
  if (treatment === 'keep') return type === 'string' || type === 'string[]';
  return treatment === 'first' || treatment === 'path' || treatment === 'names';
}

function hasBound(rule: AnyRule): boolean {
  // maxLength has a default, so it tells rules with a text bound; an absent enum or pattern is no member at all
  return 'maxLength' in rule && (rule.enum !== undefined || rule.pattern !== undefined);
}

/** A declared field's rule, checked and with its defaults. */
export type FieldRule = z.output<typeof FieldRuleSchema>;
/** JSON types that a declared field can have on the wire. */
export type FieldType = z.output<typeof fieldType>;
/** Names of what can be done to a field. */
export type Treatment = FieldRule['treatment'];

const TYPES_OF_TREATMENT: Record<Treatment, readonly FieldType[]> = {
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
  return TYPES_OF_TREATMENT[rule.treatment].includes(rule.type);
}

/** @returns the wire types that a treatment is defined for. */
export function typesOf(treatment: Treatment): readonly FieldType[] {
  return TYPES_OF_TREATMENT[treatment];
}
