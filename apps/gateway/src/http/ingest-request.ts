import type { FastifyRequest } from 'fastify';
import type { Catalogue } from '@rollcall/catalogue';
import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import type { Decoded, Dialect, WireAnswer, WireRequest } from '@rollcall/dialects';
import type { GatewayConfig } from '../gateway.config.ts';
import type { GatewayTelemetry } from '../gateway.telemetry.ts';
import type { DryRunService } from '../ingest/dry-run.service.ts';
import type { IngestContext, IngestService } from '../ingest/ingest.service.ts';
import { corsHeaders, preflightAnswer } from './cors.ts';
import { Problem } from './problem.ts';
import { toProblem } from './problem.filter.ts';
import { readRequest } from './read-request.ts';
import { hostOf, projectOf, resolveTarget, type RequestTarget } from './request-target.ts';
import { hashKey, mayWrite } from './write-key.ts';

export interface IngestParts {
  readonly config: GatewayConfig;
  readonly catalogue: Catalogue;
  readonly ingest: IngestService;
  readonly dryRun: DryRunService;
  readonly telemetry: GatewayTelemetry;
}

type Headers = FastifyRequest['headers'];

/** A browser whose user asked not to be tracked (DNT, Global Privacy Control). */
function isOptedOut(headers: Headers): boolean {
  return headers['dnt'] === '1' || headers['sec-gpc'] === '1';
}

function isDryRun(headers: Headers, query: URLSearchParams): boolean {
  return headers['rollcall-dry-run'] === '1' || query.get('dry_run') === '1';
}

/** One ingest request, from the socket's bytes to the answer in the client's dialect. */
export class IngestRequestHandler {
  readonly #parts: IngestParts;

  constructor(parts: IngestParts) {
    this.#parts = parts;
  }

  /** Headers for browsers, on every answer, refusals included. */
  corsHeadersFor(request: FastifyRequest): Readonly<Record<string, string>> {
    if (request.headers.origin === undefined) return {};
    return corsHeaders(request.headers, this.#originsFor(request));
  }

  /** @throws Problem for a request of no dialect; a dialect's own refusals are answers. */
  async handle(request: FastifyRequest): Promise<WireAnswer> {
    if (request.method === 'OPTIONS')
      return preflightAnswer(request.headers, this.#originsFor(request));
    const host = hostOf(request.headers.host);
    const target = resolveTarget(this.#parts.catalogue, {
      method: request.method,
      host,
      url: request.url,
    });
    try {
      const wire = await readRequest(request, target, this.#parts.config);
      return await this.#answer(target, wire, request.headers);
    } catch (error) {
      return this.#refuse(target, error);
    }
  }

  async #answer(
    { project: named, dialect }: RequestTarget,
    wire: WireRequest,
    headers: Headers,
  ): Promise<WireAnswer> {
    const decoded = dialect.decode(wire);
    if (decoded.kind === 'answered') return decoded.answer;
    if (decoded.kind === 'refused') throw new Problem(decoded.code, decoded.detail);
    // Nothing is stored by a dry run, so whoever names the project needs no key to see what it would keep.
    const isDry = isDryRun(headers, wire.query);
    const { project } = isDry && named ? named : this.#authorize(named, decoded);
    const answer = decoded.answer ?? dialect.answer;
    const context: IngestContext = { project, dialect: dialect.name, receivedAt: wire.receivedAt };
    if (isDry) return this.#parts.dryRun.answer(decoded, context);
    if (isOptedOut(headers)) {
      this.#parts.telemetry.eventRejected(project, 'GW_OPTED_OUT', decoded.events.length);
      return answer({ acceptedCount: decoded.events.length, rejected: [] }, wire);
    }
    const result = await this.#parts.ingest.accept(decoded, context);
    if (result.acceptedCount > 0)
      this.#parts.telemetry.eventsAccepted(project, dialect.name, result.acceptedCount);
    for (const { code } of result.rejected) this.#parts.telemetry.eventRejected(project, code);
    return answer(result, wire);
  }

  /** The project that may be written to: the one named by host or prefix, else the one the key belongs to. */
  #authorize(named: ProjectCatalogue | undefined, { writeKey }: Decoded): ProjectCatalogue {
    const project = named ?? (writeKey === undefined ? undefined : this.#byKey(writeKey));
    if (project === undefined || !mayWrite(project, writeKey)) throw new Problem('GW_KEY_UNKNOWN');
    return project;
  }

  #byKey(writeKey: string): ProjectCatalogue | undefined {
    return this.#parts.catalogue.byKeyHash(hashKey(writeKey).toString('hex'));
  }

  #originsFor(request: FastifyRequest): readonly string[] {
    const host = hostOf(request.headers.host);
    return projectOf(this.#parts.catalogue, { host, url: request.url })?.origins ?? [];
  }

  /** A refusal in the dialect's own words when it has some; else it goes on to become problem details. */
  #refuse(
    { project, dialect }: { project: ProjectCatalogue | undefined; dialect: Dialect },
    error: unknown,
  ): WireAnswer {
    const problem = toProblem(error);
    if (problem === undefined) throw error;
    this.#parts.telemetry.eventRejected(project?.project ?? '', problem.code);
    problem.isCounted = true;
    const answer = dialect.answerRefusal?.(problem.code, problem.detail);
    if (answer === undefined) throw problem;
    return { ...answer, headers: { ...problem.headers, ...answer.headers } };
  }
}
