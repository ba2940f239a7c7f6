import type { FastifyRequest } from 'fastify';
import { inflate, isEncoding } from '@rollcall/codec';
import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import type { Catalogue } from '@rollcall/catalogue';
import type { Decoded, Dialect, WireAnswer, WireRequest } from '@rollcall/dialects';
import type { GatewayConfig } from '../gateway.config.ts';
import type { GatewayTelemetry } from '../gateway.telemetry.ts';
import type { IngestService } from '../ingest/ingest.service.ts';
import { Problem } from './problem.ts';
import { toProblem } from './problem.filter.ts';
import { resolveTarget, type RequestTarget } from './request-target.ts';
import { hashKey, mayWrite } from './write-key.ts';

/** Headers that a dialect may read. The client's address, cookies and forwarded-for are not among them. */
const PASSED_HEADERS = [
  'authorization',
  'content-type',
  'content-length',
  'transfer-encoding',
  'x-cluster-id',
  'x-write-key',
  'anonymousid',
  'user-agent',
] as const;

const EMPTY = Buffer.alloc(0);

function passedHeaders(headers: FastifyRequest['headers']): Record<string, string | undefined> {
  const passed: Record<string, string | undefined> = {};
  for (const name of PASSED_HEADERS) {
    const value = headers[name];
    if (value !== undefined) passed[name] = Array.isArray(value) ? value[0] : value;
  }
  return passed;
}

/** Host name of a request without its port. */
function hostOf(header: string | undefined): string {
  return (header ?? '').replace(/:\d+$/, '').toLowerCase();
}

/** One ingest request, from the socket's bytes to the answer in the client's dialect. */
export class IngestRequestHandler {
  readonly #config: GatewayConfig;
  readonly #catalogue: Catalogue;
  readonly #ingest: IngestService;
  readonly #telemetry: GatewayTelemetry;

  constructor(config: GatewayConfig, catalogue: Catalogue, ingest: IngestService, telemetry: GatewayTelemetry) {
    this.#config = config;
    this.#catalogue = catalogue;
    this.#ingest = ingest;
    this.#telemetry = telemetry;
  }

  /** @throws Problem for a request of no dialect; a dialect's own refusals are answers. */
  async handle(request: FastifyRequest): Promise<WireAnswer> {
    const host = hostOf(request.headers.host);
    const target = resolveTarget(this.#catalogue, { method: request.method, host, url: request.url });
    try {
      return await this.#answer(target, await this.#read(request, target));
    } catch (error) {
      return this.#refuse(target, error);
    }
  }

  async #read(request: FastifyRequest, { path, query, dialect }: RequestTarget): Promise<WireRequest> {
    const sent = Buffer.isBuffer(request.body) ? request.body : EMPTY;
    if (sent.length === 0 && !dialect.allowsEmptyBody(path)) throw new Problem('GW_BODY_EMPTY');
    return {
      method: request.method,
      path,
      query,
      headers: passedHeaders(request.headers),
      body: await this.#inflate(sent, request.headers['content-encoding']),
      receivedAt: Date.now(),
      limits: {
        maxDepth: this.#config.GATEWAY_MAX_DEPTH,
        maxEvents: this.#config.GATEWAY_MAX_EVENTS,
        maxBodyBytes: this.#config.GATEWAY_INFLATED_MAX_BYTES,
      },
    };
  }

  async #inflate(sent: Buffer, encoding: string | undefined): Promise<Buffer> {
    if (encoding === undefined || encoding === 'identity' || sent.length === 0) return sent;
    const name = encoding.toLowerCase();
    if (!isEncoding(name)) throw new Problem('GW_ENCODING_UNKNOWN');
    const inflated = await inflate(sent, name, this.#config.GATEWAY_INFLATED_MAX_BYTES);
    if (!inflated.ok) throw new Problem(inflated.code);
    return inflated.value;
  }

  async #answer({ project: named, dialect }: RequestTarget, request: WireRequest): Promise<WireAnswer> {
    const decoded = await dialect.decode(request);
    if (decoded.kind === 'answered') return decoded.answer;
    if (decoded.kind === 'refused') throw new Problem(decoded.code, decoded.detail);
    const project = this.#authorize(named, decoded);
    const context = { project: project.project, dialect: dialect.name, receivedAt: request.receivedAt };
    const result = await this.#ingest.accept(decoded, context);
    if (result.acceptedCount > 0) this.#telemetry.eventsAccepted(project.project, dialect.name, result.acceptedCount);
    for (const { code } of result.rejected) this.#telemetry.eventRejected(project.project, code);
    return dialect.answer(result, request);
  }

  /** The project that may be written to: the one named by host or prefix, else the one the key belongs to. */
  #authorize(named: ProjectCatalogue | undefined, { writeKey }: Decoded): ProjectCatalogue {
    const byKey = (): ProjectCatalogue | undefined =>
      writeKey === undefined ? undefined : this.#catalogue.byKeyHash(hashKey(writeKey).toString('hex'));
    const project = named ?? byKey();
    if (project === undefined || !mayWrite(project, writeKey)) throw new Problem('GW_KEY_UNKNOWN');
    return project;
  }

  /** A refusal in the dialect's own words when it has some; else it goes on to become problem details. */
  #refuse({ project, dialect }: { project: ProjectCatalogue | undefined; dialect: Dialect }, error: unknown): WireAnswer {
    const problem = toProblem(error);
    const answer = problem && dialect.answerRefusal?.(problem.code, problem.detail);
    if (problem === undefined || answer === undefined) throw error;
    this.#telemetry.eventRejected(project?.project ?? '', problem.code);
    return { ...answer, headers: { ...problem.headers, ...answer.headers } };
  }
}
