import { ClickHouseError } from '@clickhouse/client';
import { describe, expect, it } from 'vitest';
import { SERVER_CODES } from './server-codes.table.ts';
import { outcomeOfError, outcomeOfServerCode, toRollcallError } from './store-outcome.ts';

describe('a code of the server', () => {
  it.each([
    ['27', 'dead_letter', 'CH_REFUSED'],
    ['469', 'dead_letter', 'CH_REFUSED'],
    ['497', 'retry', 'CH_DENIED'],
    ['60', 'retry', 'CH_SCHEMA_BEHIND'],
    ['252', 'retry', 'CH_UNAVAILABLE'],
  ])('%s means %s with %s', (vendorCode, kind, code) => {
    expect(outcomeOfServerCode(vendorCode)).toEqual({ kind, code, vendorCode });
  });

  it('that is in no list is tried again, so that nothing is lost to a code nobody knew', () => {
    expect(outcomeOfServerCode('49')).toEqual({
      kind: 'retry',
      code: 'CH_FAILED',
      vendorCode: '49',
    });
  });

  it('is in one list only', () => {
    const all = Object.values(SERVER_CODES).flatMap((codes) => Object.keys(codes));
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('an error of the client', () => {
  it('is judged by the number that the server gave', () => {
    const error = new ClickHouseError({ code: '516', type: 'AUTHENTICATION_FAILED', message: 'x' });
    expect(outcomeOfError(error)).toMatchObject({ kind: 'retry', code: 'CH_DENIED' });
  });

  it('of the network is tried again, and named by its code', () => {
    const error = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    expect(outcomeOfError(error)).toEqual({
      kind: 'retry',
      code: 'CH_UNAVAILABLE',
      vendorCode: 'ECONNREFUSED',
    });
  });

  it.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EPROTO'])(
    'of a server that cannot be trusted is named as one, and says where to look: %s',
    (code) => {
      const outcome = outcomeOfError(Object.assign(new Error('connect'), { code }));
      expect(outcome).toEqual({ kind: 'retry', code: 'CH_UNTRUSTED', vendorCode: code });
      expect(toRollcallError(outcome).message).toContain(
        'check CLICKHOUSE_URL and CLICKHOUSE_CA_FILE',
      );
    },
  );

  it('without any code is an answer that did not come', () => {
    expect(outcomeOfError(new Error('Timeout error.'))).toMatchObject({ vendorCode: 'NO_ANSWER' });
  });

  it('that is a mistake of ours is thrown', () => {
    expect(() => outcomeOfError(new TypeError('x is not a function'))).toThrow(TypeError);
  });

  it('never shows the text of the server, which quotes rows', () => {
    const error = new ClickHouseError({
      code: '27',
      type: 'X',
      message: 'before: alice@example.org',
    });
    const shown = toRollcallError(outcomeOfError(error), '0001_events, statement 1');
    expect(shown.message).toBe('ClickHouse refused the data: 0001_events, statement 1: code 27');
    expect(JSON.stringify([shown, shown.cause])).not.toContain('alice');
  });
});
