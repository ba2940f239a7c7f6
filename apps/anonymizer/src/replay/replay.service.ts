import {
  RollcallError,
  type ReplayAnswer,
  type ReplayRequest,
} from '@rollcall/contracts-transport';
import type { Replay, ReplayResult } from '@rollcall/kafka';
import type { ReplayTelemetry } from './replay.telemetry.ts';

/** What replay needs of the process it runs in. */
export interface ReplayServicePorts {
  /** Reads and produces by itself; shares nothing with the pipeline. */
  readonly replay: (replay: Replay) => Promise<ReplayResult>;
  readonly telemetry: Pick<ReplayTelemetry, 'produced' | 'replayed' | 'failed'>;
  /** Aborted when the service stops. */
  readonly signal: AbortSignal;
}

/**
 * Sends refused lines through once more, where they lie, for operators.
 *
 * Guarantee: one replay at a time in this process. Only coordinates come in and only counts go out.
 */
export class ReplayService {
  readonly #ports: ReplayServicePorts;
  #isRunning = false;

  constructor(ports: ReplayServicePorts) {
    this.#ports = ports;
  }

  /**
   * @throws AN_REPLAY_BUSY while another is under way
   * @throws AN_REPLAY_FAILED when Kafka does not give or take the records; doing it again is safe
   */
  async replay({ topic, dry_run: isDry, records }: ReplayRequest): Promise<ReplayAnswer> {
    if (this.#isRunning) throw new RollcallError('AN_REPLAY_BUSY', 'ask again when it is done');
    this.#isRunning = true;
    const { replay, telemetry, signal } = this.#ports;
    try {
      const produced = (lineCount: number): void => telemetry.produced(topic, lineCount);
      const answer = toAnswer(await replay({ topic, refused: records, isDry, produced, signal }));
      telemetry.replayed(topic, isDry, answer);
      return answer;
    } catch (cause) {
      telemetry.failed(topic, cause);
      throw new RollcallError('AN_REPLAY_FAILED', 'ask again; no event is counted twice', {
        cause,
      });
    } finally {
      this.#isRunning = false;
    }
  }
}

function toAnswer({ wantedCount, lineCount, repeatedCount, missing }: ReplayResult): ReplayAnswer {
  return {
    records: wantedCount,
    lines: lineCount,
    repeated: repeatedCount,
    missing: missing.length,
  };
}
