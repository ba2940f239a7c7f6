import type { z } from 'zod';
import type { DecodeOutcome, WireRequest } from '../dialect.ts';
import { shapeFault, type EventRead } from '../event-fault.ts';
import { readEvents } from '../event-list.ts';
import { readJsonBody, refused } from '../json-body.ts';
import { isObject, settle, type JsonObject } from '../json-value.ts';
import { faultOfSchema } from '../schema-check.ts';
import {
  KamajiCreateSchema,
  KamajiDeleteSchema,
  KamajiStatsSchema,
  KamajiUpdateSchema,
} from './kamaji.schema.ts';

/** Event name and body schema by path. */
export const CALLS: ReadonlyMap<string, { readonly event: string; readonly schema: z.ZodType }> =
  new Map([
    ['/stats', { event: 'stats', schema: KamajiStatsSchema }],
    ['/create', { event: 'create', schema: KamajiCreateSchema }],
    ['/update', { event: 'update', schema: KamajiUpdateSchema }],
    ['/delete', { event: 'delete', schema: KamajiDeleteSchema }],
  ]);

const FLAT_COUNTS = ['running', 'upgrading', 'not_ready', 'sleeping'] as const;

/** One call, one event. Fields that are not known here go on: the catalogue decides about them. */
export function decodeKamaji(request: WireRequest): DecodeOutcome {
  const call = CALLS.get(request.path);
  if (call === undefined) return refused('GW_PATH_UNKNOWN');
  const body = readJsonBody(request);
  if (!body.ok) return refused(body.code);
  return readEvents([body.value], (value) =>
    readCall(call.event, call.schema, value, request.limits.maxDepth),
  );
}

function readCall(event: string, schema: z.ZodType, value: unknown, maxDepth: number): EventRead {
  if (!isObject(value)) return shapeFault('', 'the body must be an object');
  const fault = faultOfSchema(schema, value) ?? settle(value, '', maxDepth);
  if (fault !== undefined) return fault;
  const { uuid, ...fields } = value;
  return {
    event,
    eventId: undefined,
    installationId: event === 'stats' ? (uuid as string) : '',
    occurredAt: null,
    properties: event === 'stats' ? nest(fields) : fields,
  };
}

/** Moves the counts of the flat form to where the nested form has them; a nested count wins. */
function nest(fields: JsonObject): JsonObject {
  const flat = FLAT_COUNTS.filter((name) => fields[name] !== undefined);
  if (flat.length === 0) return fields;
  const rest = Object.entries(fields).filter(([name]) => !flat.some((count) => count === name));
  const counts = Object.fromEntries(flat.map((name) => [name, fields[name]]));
  const nested = fields['tenant_control_plane'] as JsonObject | undefined;
  return { ...Object.fromEntries(rest), tenant_control_plane: { ...counts, ...nested } };
}
