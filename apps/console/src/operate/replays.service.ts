import { findRefused, type ClickHouse } from '@rollcall/clickhouse';
import {
  RollcallError,
  ReplayAnswerSchema,
  type Coordinates,
  type ReplayAnswer,
} from '@rollcall/contracts-transport';
import type { Clock } from '@rollcall/pipeline';
import type { Secret } from '@rollcall/service-kit';
import type { ApiReplay } from '../api.ts';
import { toCursor, type ReplayPiece } from './replay-request.ts';

/** Coordinates of one piece: a few seconds of work, after which the page says how far it is. */
const PIECE = 500;
const ANSWER_WITHIN_MS = 60_000;
const DAY_MS = 86_400_000;
const NOTHING: ReplayAnswer = { records: 0, lines: 0, repeated: 0, missing: 0 };

/** What replay stands on. */
export interface ReplaysPorts {
  readonly clickhouse: Pick<ClickHouse, 'rows' | 'database'>;
  /** Where the anonymizer answers. */
  readonly anonymizerUrl: string;
  /** The admin token; undefined where the console has none. */
  readonly token: Secret | undefined;
  readonly clock: Clock;
}

/**
 * Has the anonymizer replay what was refused. The console finds the coordinates, the anonymizer does the work: no login of
 * Kafka and no record comes here.
 * @see docs/adr/0025-console.md
 */
export class ReplaysService {
  readonly #ports: ReplaysPorts;

  constructor(ports: ReplaysPorts) {
    this.#ports = ports;
  }

  /**
   * Replays one piece. Pieces follow each other by `next`, from the latest refusal backwards, and so end.
   *
   * @throws AN_REPLAY_BUSY while the anonymizer has another replay in hand
   * @throws AN_REPLAY_FAILED when Kafka does not give or take the records
   * @throws CO_REPLAY_UNSET when console and anonymizer do not have the same token
   * @throws CO_ANONYMIZER_AWAY, CH_UNAVAILABLE and its like
   */
  async replay({ topic, code, project, days, dry_run, after }: ReplayPiece): Promise<ApiReplay> {
    const { clickhouse, clock } = this.#ports;
    const since = new Date(clock() - days * DAY_MS);
    const refusals = { topic, code, project, since };
    const records = await findRefused(clickhouse, refusals, { after, most: PIECE });
    const last = records.at(-1);
    if (last === undefined) return { ...NOTHING, next: null };
    const answer = await this.#ask({ topic, dry_run, records });
    return { ...answer, next: records.length < PIECE ? null : toCursor(last) };
  }

  async #ask(
    request: Pick<ReplayPiece, 'topic' | 'dry_run'> & { readonly records: readonly Coordinates[] },
  ): Promise<ReplayAnswer> {
    const { anonymizerUrl, token } = this.#ports;
    if (token === undefined) throw unset();
    const answer = await fetch(`${anonymizerUrl.replace(/\/$/, '')}/replays`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token.reveal()}` },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      redirect: 'error',
    }).catch((cause: unknown) => {
      throw new RollcallError('CO_ANONYMIZER_AWAY', 'look at its health', { cause });
    });
    if (answer.status !== 200) throw toError(answer.status);
    const parsed = ReplayAnswerSchema.safeParse(await answer.json().catch(() => undefined));
    if (!parsed.success) throw elsewhere();
    return parsed.data;
  }
}

function unset(): RollcallError {
  return new RollcallError(
    'CO_REPLAY_UNSET',
    'name the file of one token in CONSOLE_ADMIN_TOKEN_FILE and ANONYMIZER_ADMIN_TOKEN_FILE',
  );
}

function elsewhere(): RollcallError {
  return new RollcallError('CO_ANONYMIZER_AWAY', 'CONSOLE_ANONYMIZER_URL leads elsewhere');
}

/** What the anonymizer refused, by its status: its codes are looked up in its own log. */
function toError(status: number): RollcallError {
  if (status === 401 || status === 403) return unset();
  if (status === 409) return new RollcallError('AN_REPLAY_BUSY', 'try again in a minute');
  if (status === 503)
    return new RollcallError('AN_REPLAY_FAILED', 'try again; no event is counted twice');
  return elsewhere();
}
