import type { Outcome, Step } from '@rollcall/pipeline';
import type { EncodedEvent, UnreadEvent } from './event-stages.ts';
import { assertNoRawFields } from './steps/assert-no-raw-fields.step.ts';
import { clampTime } from './steps/clamp-time.step.ts';
import { dropUndeclared } from './steps/drop-undeclared.step.ts';
import { encode } from './steps/encode.step.ts';
import { generalize } from './steps/generalize.step.ts';
import { pseudonymizeIds } from './steps/pseudonymize-ids.step.ts';
import { readEvent } from './steps/read-event.step.ts';
import {
  createRefuseUnknownEventStep,
  type PolicySource,
} from './steps/refuse-unknown-event.step.ts';

/** Raw event in, rows out: see {@link createAnonymizer}. */
export type Anonymizer = Step<UnreadEvent, EncodedEvent>;

/**
 * The whole policy as one step: what happens to an event, in this order. The anonymizer runs it with the keyring, the
 * gateway's dry run with keys that are thrown away.
 *
 * Guarantee: pure but for `drops`; never throws for data. Whatever must not leak is gone before the first step that
 * makes text for others (encode), and the last step searches that text for it.
 */
export function createAnonymizer(source: PolicySource): Anonymizer {
  return start(readEvent)
    .next(createRefuseUnknownEventStep(source))
    .next(dropUndeclared)
    .next(pseudonymizeIds)
    .next(generalize)
    .next(clampTime)
    .next(encode)
    .next(assertNoRawFields).step;
}

interface Chain<In, Out> {
  readonly step: Step<In, Out>;
  next<Next>(following: Step<Out, Next>): Chain<In, Next>;
}

/** Steps in a row; the first that does not say `ok` ends it. */
function start<In, Out>(step: Step<In, Out>): Chain<In, Out> {
  return {
    step,
    next: <Next>(following: Step<Out, Next>) =>
      start((value: In): Outcome<Next> => {
        const outcome = step(value);
        return outcome.kind === 'ok' ? following(outcome.value) : outcome;
      }),
  };
}
