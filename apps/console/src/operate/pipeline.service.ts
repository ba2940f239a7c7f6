import type { ApiPipeline, ApiStage } from '../api.ts';
import type { Clock } from '@rollcall/pipeline';
import type { Secret } from '@rollcall/service-kit';
import { sumOf } from './metrics-text.ts';

/** Where each service answers, by name. */
export type ServiceUrls = Readonly<Record<ApiStage['name'], string>>;

interface StageMetrics {
  readonly events: string;
  readonly lag?: string;
  readonly spooled?: string;
}

/** The metric of each stage that counts what has passed it. */
const METRICS: Readonly<Record<ApiStage['name'], StageMetrics>> = {
  gateway: { events: 'gateway_events_accepted_total', spooled: 'gateway_spool_bytes' },
  anonymizer: { events: 'anonymizer_events_anonymized_total', lag: 'anonymizer_lag_records' },
  sink: { events: 'sink_rows_inserted_total', lag: 'sink_lag_records' },
};

const ANSWER_WITHIN_MS = 2_000;

export interface PipelinePorts {
  readonly urls: ServiceUrls;
  /** The admin token, which a gateway may ask for before it shows its metrics. */
  readonly token: Secret | undefined;
  readonly clock: Clock;
}

/** What the services say of themselves. With several replicas behind one address it is one of them that answers. */
export class PipelineService {
  readonly #ports: PipelinePorts;

  constructor(ports: PipelinePorts) {
    this.#ports = ports;
  }

  async pipeline(): Promise<ApiPipeline> {
    const names = Object.keys(METRICS) as ApiStage['name'][];
    const stages = await Promise.all(names.map((name) => this.#stage(name)));
    return { at: new Date(this.#ports.clock()).toISOString(), stages };
  }

  async #stage(name: ApiStage['name']): Promise<ApiStage> {
    const [text, isReady] = await Promise.all([
      this.#read(name, '/metrics'),
      this.#read(name, '/health/ready'),
    ]);
    const { events, lag, spooled } = METRICS[name];
    const valueOf = (metric: string | undefined): number | null =>
      text === undefined || metric === undefined ? null : (sumOf(text, metric) ?? 0);
    return {
      name,
      is_ready: isReady !== undefined,
      events: valueOf(events),
      lag: valueOf(lag),
      spooled_bytes: valueOf(spooled),
    };
  }

  /** @returns undefined for anything but 200. */
  async #read(name: ApiStage['name'], path: string): Promise<string | undefined> {
    const { urls, token } = this.#ports;
    const isAskedFor = name === 'gateway' && path === '/metrics' && token !== undefined;
    try {
      const answer = await fetch(urls[name] + path, {
        headers: isAskedFor ? { authorization: `Bearer ${token.reveal()}` } : {},
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        redirect: 'error',
      });
      return answer.status === 200 ? await answer.text() : undefined;
    } catch {
      return undefined;
    }
  }
}
