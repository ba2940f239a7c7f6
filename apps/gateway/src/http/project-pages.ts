import { randomUUID } from 'node:crypto';
import type { Catalogue } from '@rollcall/catalogue';
import { OPT_OUT_EVENT, type ProjectCatalogue } from '@rollcall/contracts-catalogue';
import type { GatewayTelemetry } from '../gateway.telemetry.ts';
import type { IngestService } from '../ingest/ingest.service.ts';
import { Problem } from './problem.ts';

/** What stands behind a project's pages. */
export class ProjectPages {
  readonly #catalogue: Catalogue;
  readonly #ingest: IngestService;
  readonly #telemetry: GatewayTelemetry;

  constructor(catalogue: Catalogue, ingest: IngestService, telemetry: GatewayTelemetry) {
    this.#catalogue = catalogue;
    this.#ingest = ingest;
    this.#telemetry = telemetry;
  }

  /** @throws Problem GW_PROJECT_UNKNOWN */
  project(name: string): ProjectCatalogue {
    const project = this.#catalogue.projects.get(name);
    if (project === undefined) throw new Problem('GW_PROJECT_UNKNOWN');
    return project;
  }

  /** Stores one event that says nothing but that somebody opted out, and when. @returns how many were stored: 1. */
  async countOptOut(name: string): Promise<number> {
    const { project } = this.project(name);
    const event = {
      event: OPT_OUT_EVENT,
      eventId: randomUUID(),
      installationId: '',
      occurredAt: null,
      properties: {},
    };
    const decoded = { kind: 'decoded', events: [event], indexes: [0], rejected: [] } as const;
    const { acceptedCount } = await this.#ingest.accept(decoded, {
      project,
      dialect: 'native',
      receivedAt: Date.now(),
    });
    this.#telemetry.eventsAccepted(project, 'native', acceptedCount);
    return acceptedCount;
  }
}
