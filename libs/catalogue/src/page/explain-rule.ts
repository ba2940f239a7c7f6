import { NAMED_PATTERNS, type FieldRule, type Treatment } from '@rollcall/contracts-catalogue';

type RuleOf<T extends Treatment> = Extract<FieldRule, { treatment: T }>;
type BoundedRule = RuleOf<'keep' | 'first' | 'path' | 'names'>;

const NAMED_FORMS: Readonly<Record<keyof typeof NAMED_PATTERNS, string>> = {
  version: 'has the form of a version number (such as v1.33.1)',
  slug: 'is made of a few plain lower-case words (such as cert-manager)',
};

const EXPLAIN: { readonly [T in Treatment]: (rule: RuleOf<T>) => string } = {
  keep: explainKeep,
  pseudonymize: () =>
    'Replaced by a keyed pseudonym before it reaches a table; the value itself is not kept.',
  truncate: ({ to }) => TRUNCATED[to],
  bucket: ({ edges }) =>
    `Rounded down to a step of a fixed scale; the exact number is not kept. The steps: ${edges.join(', ')}.`,
  family: () =>
    'Reduced to the family of browser and operating system, such as Firefox on Linux; versions and devices are not kept.',
  first: (rule) =>
    `Only the first word is looked at; the rest is thrown away. ${bounded('It', rule)}`,
  count: () => 'Only how many entries the list has is kept, none of the entries.',
  path: (rule) =>
    `Only the path is looked at, without host, query and fragment. ${bounded('It', rule)}`,
  names: (rule) =>
    `Only the names of the flags are looked at, never their values. ${bounded('A name', rule)}`,
};

const TRUNCATED: Readonly<Record<RuleOf<'truncate'>['to'], string>> = {
  minor: 'A version is cut to its first two numbers.',
  day: 'A time is cut to its day.',
  hour: 'A time is cut to its hour.',
};

/** What is done with a field, in words that need no knowledge of Rollcall. Ends with a full stop. */
export function explainRule(rule: FieldRule): string {
  // the table has one entry per treatment; TypeScript cannot follow the pairing through the look-up
  const explain = EXPLAIN[rule.treatment] as (rule: FieldRule) => string;
  return explain(rule);
}

function explainKeep(rule: RuleOf<'keep'>): string {
  if (rule.type === 'boolean') return 'Kept as sent: true or false.';
  if (rule.range !== undefined) {
    const [lowest, highest] = rule.range;
    return `Kept as sent when it is from ${lowest} to ${highest}; any other number is dropped.`;
  }
  if (rule.enum === undefined && rule.pattern === undefined) return 'Kept as sent.';
  return bounded(rule.type === 'string[]' ? 'Each entry' : 'It', rule);
}

function bounded(subject: string, rule: BoundedRule): string {
  const conditions = [oneOf(rule.enum), ofForm(rule)].filter((text) => text !== undefined);
  const otherwise =
    rule.otherwise === undefined
      ? 'anything else is dropped'
      : `anything else becomes “${rule.otherwise}”`;
  return `${subject} is kept when it ${conditions.join(', or when it ')}; ${otherwise}.`;
}

function oneOf(values: readonly string[] | undefined): string | undefined {
  if (values === undefined) return undefined;
  const shown = values.map((value) => (value === '' ? 'empty' : `“${value}”`));
  return shown.length === 1 ? `is ${shown.join()}` : `is one of ${shown.join(', ')}`;
}

function ofForm({ pattern, form }: BoundedRule): string | undefined {
  if (pattern === undefined) return undefined;
  if (form !== undefined) return form;
  if (Object.hasOwn(NAMED_PATTERNS, pattern))
    return NAMED_FORMS[pattern as keyof typeof NAMED_FORMS];
  return `matches the expression ${pattern} from end to end`;
}
