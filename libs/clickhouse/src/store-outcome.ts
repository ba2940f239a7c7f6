import { ClickHouseError } from '@clickhouse/client';
import { RollcallError } from '@rollcall/contracts-transport';
import { SERVER_CODES } from './server-codes.table.ts';

/**
 * What became of a request to ClickHouse.
 *
 * `ok`: done and durable. `retry`: nothing is known to be stored and the data is not at fault; the same request with the
 * same token is safe. `dead_letter`: nothing is stored and the same bytes will be refused every time.
 */
export type StoreOutcome =
  | {
      readonly kind: 'ok';
      /** Lines that were sent, also when the server had them already. */
      readonly rowCount: number;
    }
  | { readonly kind: 'retry'; readonly code: RetryCode; readonly vendorCode: string }
  | { readonly kind: 'dead_letter'; readonly code: 'CH_REFUSED'; readonly vendorCode: string };

/**
 * CH_DENIED, CH_UNTRUSTED and CH_SCHEMA_BEHIND wait for a person, CH_UNAVAILABLE for time, CH_FAILED for either.
 */
export type RetryCode =
  'CH_UNAVAILABLE' | 'CH_DENIED' | 'CH_UNTRUSTED' | 'CH_SCHEMA_BEHIND' | 'CH_FAILED';

/** What Node says of a certificate, or of a server that does not speak TLS. */
const TLS_CODE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ALTNAME|ERR_SSL|EPROTO/;

type OurCode = keyof typeof SERVER_CODES;

const OURS: ReadonlyMap<string, OurCode> = new Map(
  (Object.keys(SERVER_CODES) as OurCode[]).flatMap((ours) =>
    Object.keys(SERVER_CODES[ours]).map((theirs): [string, OurCode] => [theirs, ours]),
  ),
);

/** The outcome of a numeric code of the server, as text. Looks at the number alone: texts quote rows and change. */
export function outcomeOfServerCode(vendorCode: string): Exclude<StoreOutcome, { kind: 'ok' }> {
  const code = OURS.get(vendorCode) ?? 'CH_FAILED';
  return code === 'CH_REFUSED'
    ? { kind: 'dead_letter', code, vendorCode }
    : { kind: 'retry', code, vendorCode };
}

/** The outcome of a request that threw: without a code of the server in it, no answer came back. */
export function outcomeOfError(error: unknown): Exclude<StoreOutcome, { kind: 'ok' }> {
  if (error instanceof ClickHouseError) return outcomeOfServerCode(error.code);
  if (error instanceof TypeError || error instanceof RangeError) throw error;
  const isNamed = error instanceof Error && 'code' in error && typeof error.code === 'string';
  const vendorCode = isNamed ? String(error.code) : 'NO_ANSWER';
  const code = TLS_CODE.test(vendorCode) ? 'CH_UNTRUSTED' : 'CH_UNAVAILABLE';
  return { kind: 'retry', code, vendorCode };
}

/** The same as an error, for start-up and commands. The vendor's text stays out: it quotes what was sent. */
export function toRollcallError(
  outcome: Exclude<StoreOutcome, { kind: 'ok' }>,
  what?: string,
): RollcallError {
  const advice =
    outcome.code === 'CH_UNTRUSTED' ? '; check CLICKHOUSE_URL and CLICKHOUSE_CA_FILE' : '';
  const detail = `code ${outcome.vendorCode}${advice}`;
  return new RollcallError(outcome.code, what === undefined ? detail : `${what}: ${detail}`);
}
