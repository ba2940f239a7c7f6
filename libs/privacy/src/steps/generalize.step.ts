import { ok, type Outcome } from '@rollcall/pipeline';
import type {
  Columns,
  DeclaredField,
  DeclaredSample,
  GeneralizedEvent,
  Properties,
  PseudonymizedEvent,
  TreatedSample,
} from '../event-stages.ts';
import { raiseFlags, type FilterFlags } from '../filters.ts';
import type { FieldPolicy } from '../policy.ts';
import { WRONG_TYPE, isRefusal, type Treated } from '../treatments/treatment.ts';

/**
 * Gives every declared field its treatment and its place in the row.
 *
 * Guarantee: a field that its rule refuses is left out and counted, the event goes on; keys of `properties` are those
 * of the catalogue, none has a dot. When two fields name the same column, the one sent first fills it.
 */
export function generalize(event: PseudonymizedEvent): Outcome<GeneralizedEvent> {
  const { policy, coordinates, drops, facts } = event;
  const properties: Properties = {};
  const columns: Columns = {
    app_version: '',
    kubernetes_version: '',
    os: '',
    arch: '',
    provider: '',
  };
  const flags: FilterFlags = { is_ci: 0, is_dev: 0, is_fork: 0 };
  for (const field of event.fields) {
    raiseFlags(flags, policy.filters, field);
    const treated = treat(field, event);
    if (treated === undefined) continue;
    place(properties, field.policy.keys, treated);
    promote(columns, field.policy, treated);
  }
  const samples: TreatedSample[] = [];
  for (const sample of event.samples) {
    for (const label of sample.labels) raiseFlags(flags, policy.filters, label);
    const treated = treatSample(sample, columns, event);
    if (treated !== undefined) samples.push(treated);
  }
  return ok({ policy, coordinates, drops, facts, properties, columns, flags, samples });
}

function treat({ policy, value }: DeclaredField, event: PseudonymizedEvent): Treated | undefined {
  const {
    drops,
    policy: { project },
  } = event;
  // no treatment: a pseudonym already
  const treated = policy.treatment === undefined ? (value as string) : policy.treatment(value);
  if (isRefusal(treated)) {
    drops.add(project, treated === WRONG_TYPE ? 'AN_FIELD_TYPE' : 'AN_FIELD_VALUE', policy.path);
    return undefined;
  }
  const hasLost =
    typeof treated === 'object' && treated.length < (value as readonly unknown[]).length;
  if (hasLost) drops.add(project, 'AN_FIELD_VALUE', policy.path);
  return treated;
}

function place(properties: Properties, keys: readonly string[], treated: Treated): void {
  let target = properties;
  const last = keys.length - 1;
  for (let i = 0; i < last; i += 1) {
    const key = keys[i] as string;
    // the policy has no field at this place, so what stands here was made by an earlier round
    target = (target[key] ??= {}) as Properties;
  }
  target[keys[last] as string] = treated;
}

function promote(columns: Columns, { column }: FieldPolicy, treated: Treated): void {
  if (column !== undefined && columns[column] === '') columns[column] = String(treated);
}

function treatSample(
  { index, name, policy, labels, value }: DeclaredSample,
  columns: Columns,
  event: PseudonymizedEvent,
): TreatedSample | undefined {
  const treatedValue = treat({ policy: policy.value, value }, event);
  if (typeof treatedValue !== 'number') return undefined;
  const treatedLabels: Record<string, string> = {};
  for (const label of labels) {
    const treated = treat(label, event);
    if (treated === undefined) continue;
    treatedLabels[label.policy.keys[0] as string] = String(treated);
    promote(columns, label.policy, treated);
  }
  return { index, name, labels: treatedLabels, value: treatedValue };
}
