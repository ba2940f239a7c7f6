export {
  CatalogueFileSchema,
  DIALECT_NAMES,
  OPT_OUT_EVENT,
  ROTATION_DAYS,
  type CatalogueFileInput,
  type DialectName,
  type EventRule,
  type MetricRule,
  type ProjectCatalogue,
} from './catalogue-file.ts';
export {
  FieldRuleSchema,
  PROMOTED_COLUMNS,
  isTreatable,
  type FieldRule,
  type FieldType,
  type PromotedColumn,
  type Treatment,
} from './treatment.ts';
export { NAMED_PATTERNS, compilePattern } from './pattern.ts';
