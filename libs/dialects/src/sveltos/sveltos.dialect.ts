import type { DecodeOutcome, Dialect, WireRequest } from '../dialect.ts';
import { answerEmpty } from '../empty-answer.ts';
import { shapeFault, type EventRead } from '../event-fault.ts';
import { readEvents } from '../event-list.ts';
import { readJsonBody, refused } from '../json-body.ts';
import { isObject, settle } from '../json-value.ts';
import { faultOfSchema } from '../schema-check.ts';
import { SveltosReportSchema } from './sveltos.schema.ts';

const PROBE = 'Sveltos reports are collected here.\n';

/** Sveltos' report: GET with a JSON body, with and without length or Content-Type. */
export const sveltosDialect: Dialect = {
  name: 'sveltos',
  methodsOf: (path) => (path === '/' ? ['GET', 'POST'] : undefined),
  allowsEmptyBody: () => true,
  decode: decodeSveltos,
  answer: answerEmpty,
};

function decodeSveltos(request: WireRequest): DecodeOutcome {
  if (request.body.length === 0) return decodeNoBody(request);
  const body = readJsonBody(request);
  if (!body.ok) return refused(body.code);
  return readEvents([body.value], (value) => readReport(value, request.limits.maxDepth));
}

/** A GET without a body is a load balancer's probe, or a person with a browser. */
function decodeNoBody(request: WireRequest): DecodeOutcome {
  if (request.method !== 'GET') return refused('GW_BODY_EMPTY');
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return { kind: 'answered', answer: { status: 200, headers, body: PROBE } };
}

function readReport(value: unknown, maxDepth: number): EventRead {
  if (!isObject(value)) return shapeFault('', 'the body must be an object');
  const fault = faultOfSchema(SveltosReportSchema, value) ?? settle(value, '', maxDepth);
  if (fault !== undefined) return fault;
  const { uuid, ...properties } = value;
  return {
    event: 'report',
    eventId: undefined,
    installationId: uuid as string,
    occurredAt: null,
    properties,
  };
}
