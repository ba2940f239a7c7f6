import { ok, type Outcome } from '@rollcall/pipeline';
import type { GeneralizedEvent, TimedEvent } from '../event-stages.ts';
import { formatInstant, formatSecond, toStorable } from '../instants.ts';

/**
 * Gives the row its instants. A client's time farther from `received_at` than the allowed skew is set to that bound
 * and counted (`AN_CLOCK_SKEWED`); what the client said stays beside it, as far as ClickHouse can hold it. Without a
 * client's time the event occurred when it was received. Retention counts from `received_at`, which nobody can forge.
 */
export function clampTime(event: GeneralizedEvent): Outcome<TimedEvent> {
  const {
    policy,
    drops,
    facts: { clientTime, receivedAt },
  } = event;
  const occurredAt = clamp(clientTime ?? receivedAt, receivedAt, policy.allowedSkewMs);
  const isClamped = clientTime !== null && occurredAt !== clientTime;
  if (isClamped) drops.add(policy.project, 'AN_CLOCK_SKEWED', 'occurred_at');
  const receivedText = formatInstant(receivedAt);
  const occurredText = occurredAt === receivedAt ? receivedText : formatInstant(occurredAt);
  const sameTime = clientTime === null ? null : occurredText;
  const instants = {
    occurredAt: occurredText,
    clientOccurredAt: isClamped ? formatInstant(toStorable(clientTime)) : sameTime,
    receivedAt: receivedText,
    expiresAt: formatSecond(receivedAt + policy.retentionMs),
  };
  return ok({ ...event, instants });
}

function clamp(instant: number, around: number, distance: number): number {
  return Math.min(Math.max(instant, around - distance), around + distance);
}
