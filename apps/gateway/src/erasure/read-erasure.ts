import { z } from 'zod';
import { decodeText, parseJson } from '@rollcall/codec';
import { Problem } from '../http/problem.ts';

const MAX_BYTES = 4_096;
const MAX_IDENTIFIER_BYTES = 512;
const MAX_DEPTH = 4;

const ErasureSchema = z.strictObject({
  installation_id: z
    .string()
    .min(1)
    .refine((text) => text.isWellFormed() && Buffer.byteLength(text) <= MAX_IDENTIFIER_BYTES),
});

/**
 * The identifier in a request for erasure, of JSON or of a form.
 *
 * @throws Problem GW_BODY_EMPTY, GW_BODY_TOO_LARGE, GW_BODY_NOT_UTF8, GW_BODY_NOT_JSON, GW_BODY_SHAPE
 */
export function readErasure(body: unknown, contentType: string | undefined): string {
  if (!Buffer.isBuffer(body) || body.length === 0) throw new Problem('GW_BODY_EMPTY');
  if (body.length > MAX_BYTES) throw new Problem('GW_BODY_TOO_LARGE');
  const text = decodeText(body);
  if (!text.ok) throw new Problem(text.code);
  const read = ErasureSchema.safeParse(
    isForm(contentType) ? readForm(text.value) : readJson(text.value),
  );
  if (!read.success)
    throw new Problem(
      'GW_BODY_SHAPE',
      'Send installation_id: a text of 1 to 512 bytes, and no more.',
    );
  return read.data.installation_id;
}

export function isForm(contentType: string | undefined): boolean {
  return contentType?.toLowerCase().startsWith('application/x-www-form-urlencoded') === true;
}

function readJson(text: string): unknown {
  const parsed = parseJson(text, MAX_DEPTH);
  if (!parsed.ok) throw new Problem(parsed.code);
  return parsed.value;
}

/** A form from a person: what was pasted may have spaces around it. */
function readForm(text: string): unknown {
  const fields = [...new URLSearchParams(text)].map(([name, value]) => [name, value.trim()]);
  return Object.fromEntries(fields) as unknown;
}
