import { z } from 'zod';
import { FieldRuleSchema, isTreatable, typesOf } from './treatment.ts';

const text = z.string().min(1);
const projectName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);

/** Wire dialects that a project may be sent in. Each is a folder of `libs/dialects`. */
export const DIALECT_NAMES = [
  'native',
  'kamaji',
  'sveltos',
  'cozystack',
  'segment',
  'posthog',
] as const;
/** One of {@link DIALECT_NAMES}. */
export type DialectName = (typeof DIALECT_NAMES)[number];

/** Field rules by dotted path below `properties`, e.g. `tenant_control_plane.running`. */
const FieldsSchema = z
  .record(z.string().regex(/^[^\s]{1,128}$/), FieldRuleSchema)
  .superRefine((fields, context) => {
    for (const [path, rule] of Object.entries(fields))
      if (!isTreatable(rule))
        context.addIssue({
          code: 'custom',
          path: [path],
          message: `${rule.treatment} is not defined for ${rule.type}`,
          params: { advice: `Write type: ${typesOf(rule.treatment).join(' or ')}` },
        });
  });

const EventSchema = z.strictObject({
  purpose: text,
  fields: FieldsSchema.default({}),
});

const MetricSchema = z.strictObject({
  purpose: text,
  labels: FieldsSchema.default({}),
  value: FieldRuleSchema,
});

const OptOutSchema = z.strictObject({
  /** For whom, e.g. "Helm". */
  title: text,
  /** What to do, in a sentence. */
  instruction: text,
  /** What to type, when there is something to type. */
  command: text.optional(),
});

/**
 * Predicates over kept values, used by the ladder to leave installations out of "qualified": an installation is
 * left out when a field of one of its events is equal to one of the values or matches the pattern.
 */
const FilterSchema = z.strictObject({
  title: text,
  /** Path of a declared field, or a name of `PROMOTED_COLUMNS` that some field of the file is copied to. */
  field: text,
  equals: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  pattern: text.optional(),
});

/** A file of `catalogue/`: the law for one project. */
export const CatalogueFileSchema = z.strictObject({
  project: projectName,
  title: text,
  /** A page for people; `javascript:` and the like are refused. */
  homepage: z.url({ protocol: /^https?$/ }),
  /** Who answers questions about the data. */
  contact: text,
  /** Who may see the data, one sentence for the public page. */
  access: text,
  /** Why the project collects anything, for the public page. */
  why: text,
  /** Host names that belong to the project alone; a request to one needs no path prefix. */
  hosts: z.array(z.string().regex(/^[a-z0-9.-]+$/)).default([]),
  /** `public`: no key needed. Else sha256 (hex) of each key that may write. */
  write_keys: z.union([z.literal('public'), z.array(z.string().regex(/^[0-9a-f]{64}$/))]),
  dialects: z.array(z.enum(DIALECT_NAMES)).min(1),
  installation: z.strictObject({
    /** Where the identifier comes from on the wire, for the public page. */
    source: text,
    purpose: text,
    /** How often a new key epoch begins. Old pseudonyms cannot be joined to new ones. */
    rotation: z.enum(['never', 'yearly', 'quarterly', 'monthly']),
  }),
  retention_days: z.int().min(1).max(3650),
  /** How far a client's clock may be off before its time is clamped. */
  allowed_skew_hours: z
    .int()
    .min(1)
    .max(24 * 365)
    .default(48),
  /** Origins that a browser may send from; empty means any. */
  origins: z.array(z.string()).default([]),
  opt_out: z.array(OptOutSchema).min(1),
  erasure: z.strictObject({ contact: text, instruction: text }),
  /** What is said not to be collected, one sentence each. */
  not_collected: z.array(text).default([]),
  /**
   * Fields that clients are known to send and that are thrown away, by path (a last `*` stands for anything),
   * each with the reason. It changes nothing, undeclared fields are dropped anyway: it says so on the public page.
   */
  dropped: z.record(z.string().regex(/^[^\s]{1,128}$/), text).default({}),
  /** Public numbers below this many installations are not shown. */
  minimum_cell: z.int().min(1).default(5),
  filters: z
    .strictObject({
      ci: z.array(FilterSchema).default([]),
      dev: z.array(FilterSchema).default([]),
      fork: z.array(FilterSchema).default([]),
    })
    .prefault({}),
  /** Fields that every event may have. */
  fields: FieldsSchema.default({}),
  events: z.record(z.string().min(1).max(200), EventSchema),
  /** Prometheus metrics of a push, by name. */
  metrics: z.record(z.string(), MetricSchema).default({}),
});

/** A catalogue file as its author writes it. */
export type CatalogueFileInput = z.input<typeof CatalogueFileSchema>;
/** One project's catalogue, checked and with its defaults. */
export type ProjectCatalogue = z.output<typeof CatalogueFileSchema>;
/** What a project keeps of one of its events. */
export type EventRule = z.output<typeof EventSchema>;
/** What a project keeps of one metric of a push. */
export type MetricRule = z.output<typeof MetricSchema>;

/**
 * Event of every project, declared by Rollcall itself: somebody turned telemetry off. It has no identifier, no field and
 * no address behind it, so it is a count and nothing else.
 */
export const OPT_OUT_EVENT = '$opt_out';

/** Days after which a project's key epoch is due to be followed by a new one; undefined for never. */
export const ROTATION_DAYS: Readonly<
  Record<ProjectCatalogue['installation']['rotation'], number | undefined>
> = { never: undefined, yearly: 365, quarterly: 91, monthly: 30 };
