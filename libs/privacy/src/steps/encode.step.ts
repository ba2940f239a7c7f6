import type { EventRow, MetricSampleRow } from '@rollcall/contracts-anonymized';
import { ok, type Outcome } from '@rollcall/pipeline';
import type { EncodedEvent, TimedEvent, TreatedSample } from '../event-stages.ts';
import { pushedSums } from '../pushed-sums.ts';

/**
 * Writes the rows: NDJSON lines whose keys are the columns of `rollcall.events` and `rollcall.metric_samples`, each
 * ended by `\n`.
 */
export function encode(event: TimedEvent): Outcome<EncodedEvent> {
  const pushed = pushedSums(event.samples);
  return ok({
    facts: event.facts,
    eventLine: `${JSON.stringify(toEventRow(event))}\n`,
    sampleLines: event.samples.map(
      (sample, i) => `${JSON.stringify(toSampleRow(event, sample, pushed[i] as number))}\n`,
    ),
  });
}

function toEventRow({
  policy,
  facts,
  columns,
  flags,
  properties,
  instants,
  coordinates,
}: TimedEvent): EventRow {
  return {
    project: policy.project,
    dialect: facts.dialect,
    event: facts.event,
    event_id: facts.eventId,
    installation: facts.installation,
    key_epoch: facts.keyEpoch,
    app_version: columns.app_version,
    kubernetes_version: columns.kubernetes_version,
    os: columns.os,
    arch: columns.arch,
    provider: columns.provider,
    occurred_at: instants.occurredAt,
    client_occurred_at: instants.clientOccurredAt,
    received_at: instants.receivedAt,
    expires_at: instants.expiresAt,
    properties,
    raw_partition: coordinates.partition,
    raw_offset: coordinates.offset,
    raw_index: coordinates.index,
    ...flags,
  };
}

function toSampleRow(
  { policy, facts, instants }: TimedEvent,
  sample: TreatedSample,
  pushed: number,
): MetricSampleRow {
  return {
    project: policy.project,
    event_id: facts.eventId,
    sample_index: sample.index,
    installation: facts.installation,
    key_epoch: facts.keyEpoch,
    name: sample.name,
    labels: sample.labels,
    value: sample.value,
    pushed,
    occurred_at: instants.occurredAt,
    received_at: instants.receivedAt,
    expires_at: instants.expiresAt,
  };
}
