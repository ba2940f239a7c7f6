import type { Clock } from '@rollcall/pipeline';

interface Kept<Answer> {
  readonly answer: Answer;
  readonly madeAt: number;
}

/**
 * Answers that cost something, by name. A stale one is given at once while it is made anew; one that cannot be made anew is
 * given again. Names must be of a bounded set: none is ever forgotten.
 */
export class KeptAnswers<Answer> {
  readonly #freshMs: number;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept<Answer>>();
  readonly #underWay = new Map<string, Promise<Answer>>();

  constructor(freshMs: number, clock: Clock) {
    this.#freshMs = freshMs;
    this.#clock = clock;
  }

  /** @throws what `make` throws, when there is no earlier answer. */
  async get(name: string, make: () => Promise<Answer>): Promise<Answer> {
    const kept = this.#kept.get(name);
    if (kept === undefined) return this.#make(name, make);
    if (this.#clock() - kept.madeAt >= this.#freshMs)
      void this.#make(name, make).catch(() => undefined);
    return kept.answer;
  }

  /** All who ask meanwhile wait for one answer. */
  #make(name: string, make: () => Promise<Answer>): Promise<Answer> {
    const running = this.#underWay.get(name);
    if (running !== undefined) return running;
    const started = this.#run(name, make).finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, started);
    return started;
  }

  async #run(name: string, make: () => Promise<Answer>): Promise<Answer> {
    const answer = await make();
    this.#kept.set(name, { answer, madeAt: this.#clock() });
    return answer;
  }
}
