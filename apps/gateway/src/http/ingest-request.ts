import type { FastifyRequest } from 'fastify';
import type { Catalogue } from '@rollcall/catalogue';
import type { ProjectCatalogue } from '@rollcall/contracts-catalogue';
import type { Decoded, Dialect, WireAnswer, WireRequest } from '@rollcall/dialects';
import type { RateLimits } from '../admission/rate-limits.ts';
import type { GatewayConfig } from '../gateway.config.ts';
import type { GatewayTelemetry } from '../gateway.telemetry.ts';
import type { DryRunService } from '../ingest/dry-run.service.ts';
import type { IngestContext, IngestService } from '../ingest/ingest.service.ts';
import { corsHeaders, preflightAnswer } from './cors.ts';
import { Problem, toProblemAnswer } from './problem.ts';
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
  readonly limits: RateLimits;
}

type Headers = FastifyRequest['headers'];

/** A browser whose user asked not to be tracked (DNT, Global Privacy Control). */
function isOptedOut(headers: Headers): boolean {
  return headers['dnt'] === '1' || headers['sec-gpc'] === '1';
}

function isDryRun(headers: Headers, query: URLSearchParams): boolean {
  return headers['rollcall-dry-run'] === '1' || query.get('dry_run') === '1';
}

function tooMany(waitSeconds: number): Problem {
  return new Problem('GW_RATE_LIMITED', undefined, { 'retry-after': String(waitSeconds) });
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

  /**
   * The answer to an address that sends too much, in its dialect, before anything of the body is read; undefined for a
   * request that may go on. Preflights always may: a page does not see why one was refused.
   */
  refuseTooMany(request: FastifyRequest): WireAnswer | undefined {
    if (request.method === 'OPTIONS') return undefined;
    const waitSeconds = this.#parts.limits.takeRequest({
      socketAddress: request.raw.socket.remoteAddress,
      forwardedFor: String(request.headers['x-forwarded-for'] ?? ''),
    });
    if (waitSeconds === 0) return undefined;
    const refusal = tooMany(waitSeconds);
    try {
      return this.#refuse(this.#targetOf(request), refusal);
    } catch {
      // no dialect of its own words, or none at all
      if (!refusal.isCounted) this.#parts.telemetry.eventRejected('', refusal.code);
      return toProblemAnswer(refusal);
    }
  }

  /** @throws Problem for a request of no dialect; a dialect's own refusals are answers. */
  async handle(request: FastifyRequest): Promise<WireAnswer> {
    if (request.method === 'OPTIONS')
      return preflightAnswer(request.headers, this.#originsFor(request));
    const target = this.#targetOf(request);
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
    const owner = isDry && named ? named : this.#authorize(named, decoded);
    const { project } = owner;
    const answer = decoded.answer ?? dialect.answer;
    const context: IngestContext = { project, dialect: dialect.name, receivedAt: wire.receivedAt };
    if (isDry) return this.#parts.dryRun.answer(decoded, context);
    if (isOptedOut(headers)) {
      this.#parts.telemetry.eventRejected(project, 'GW_OPTED_OUT', decoded.events.length);
      return answer({ acceptedCount: decoded.events.length, rejected: [] }, wire);
    }
    this.#limit(owner, decoded);
    const result = await this.#parts.ingest.accept(decoded, context);
    if (result.acceptedCount > 0)
      this.#parts.telemetry.eventsAccepted(project, dialect.name, result.acceptedCount);
    for (const { code } of [...result.rejected, ...result.notes])
      this.#parts.telemetry.eventRejected(project, code);
    return answer(result, wire);
  }

  /** The project that may be written to: the one named by host or prefix, else the one the key belongs to. */
  #authorize(named: ProjectCatalogue | undefined, { writeKey }: Decoded): ProjectCatalogue {
    const project = named ?? (writeKey === undefined ? undefined : this.#byKey(writeKey));
    if (project === undefined || !mayWrite(project, writeKey)) throw new Problem('GW_KEY_UNKNOWN');
    return project;
  }

  #limit(owner: ProjectCatalogue, { writeKey, events }: Decoded): void {
    const waitSeconds = this.#parts.limits.takeEvents(owner, writeKey, events.length);
    if (waitSeconds > 0) throw tooMany(waitSeconds);
  }

  #byKey(writeKey: string): ProjectCatalogue | undefined {
    return this.#parts.catalogue.byKeyHash(hashKey(writeKey).toString('hex'));
  }

  #targetOf({ method, headers, url }: FastifyRequest): RequestTarget {
    return resolveTarget(this.#parts.catalogue, { method, host: hostOf(headers.host), url });
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
