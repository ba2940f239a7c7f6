import type { RawSample } from '@rollcall/contracts-raw';
import { ok, type Outcome } from '@rollcall/pipeline';
import type { DeclaredEvent, DeclaredField, DeclaredSample, KnownEvent } from '../event-stages.ts';
import type { PolicyBranch } from '../policy.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Takes over what the catalogue names, in one walk over what was sent; the rest ends here.
 *
 * Guarantee: only own keys count, `__proto__` and `constructor` are keys like others; a key with a dot in it is never
 * the path that it looks like; a declared field that is null is as good as absent. An undeclared object counts once.
 */
export function dropUndeclared(known: KnownEvent): Outcome<DeclaredEvent> {
  const { raw, policy, coordinates, drops, keys, fieldsPolicy } = known;
  const fields: DeclaredField[] = [];
  collectFields(raw.properties, fieldsPolicy, fields, known);
  const samples = raw.samples === undefined ? [] : declaredSamples(raw.samples, known);
  return ok({ raw, policy, coordinates, drops, keys, fields, samples });
}

function collectFields(
  sent: Fields,
  branch: PolicyBranch,
  fields: DeclaredField[],
  known: KnownEvent,
): void {
  for (const key of Object.keys(sent)) {
    const declared = branch.children.get(key);
    const value = sent[key];
    if (declared === undefined) {
      known.drops.add(known.policy.project, 'AN_FIELD_UNDECLARED', pathTo(branch, key));
    } else if (value === null) {
      continue;
    } else if (declared.kind === 'field') {
      fields.push({ policy: declared, value });
    } else if (typeof value === 'object' && !Array.isArray(value)) {
      collectFields(value as Fields, declared, fields, known);
    } else {
      known.drops.add(known.policy.project, 'AN_FIELD_TYPE', branch.prefix + key);
    }
  }
}

/**
 * A name with a dot in it would look like a path of several, and could be the name of a host. `?` is in no name that is
 * shown.
 */
function pathTo({ prefix }: PolicyBranch, key: string): string {
  return key.includes('.') ? `${prefix}?` : prefix + key;
}

function declaredSamples(sent: readonly RawSample[], known: KnownEvent): readonly DeclaredSample[] {
  const samples: DeclaredSample[] = [];
  for (const [index, { name, labels, value }] of sent.entries()) {
    const policy = known.policy.metrics.get(name);
    if (policy === undefined) known.drops.add(known.policy.project, 'AN_SAMPLE_UNDECLARED', name);
    else {
      const branch: PolicyBranch = { kind: 'branch', prefix: `${name}.`, children: policy.labels };
      const declared: DeclaredField[] = [];
      collectFields(labels, branch, declared, known);
      samples.push({ index, name, policy, labels: declared, value });
    }
  }
  return samples;
}
