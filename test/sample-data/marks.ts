import type { Expression } from './expressions.ts';

/*
 * What tells a sample row from a real one, in every table. A real row cannot have them: a pseudonym is 32 hex digits, the
 * id of an event is a UUID of version 8, and a dialect is one that the gateway speaks.
 */

/** Dialect of sample events. */
export const SAMPLE_DIALECT = 'sample';

const PREFIX = 'sample';
const HEX_DIGITS = 26;

/** Name of a sample installation: as long as a pseudonym. */
export const sampleInstallation: Expression = `concat('${PREFIX}', substring(lower(concat(hex(installation_hash), hex(intHash64(installation_hash)))), 1, ${HEX_DIGITS}))`;

/** Whether a column `installation` names a sample installation. */
export const isSampleInstallation: Expression = `startsWith(installation, '${PREFIX}')`;

/** Id of a sample event: a UUID of version 0. ClickHouse writes the lower half of the number first. */
export const sampleEventId: Expression = `reinterpret(bitOr(bitShiftLeft(toUInt128(intHash64(bitXor(event_hash, 1))), 64), bitAnd(event_hash, 0xFFFFFFFFFFFF0FFF)), 'UUID')`;
