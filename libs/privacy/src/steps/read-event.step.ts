import { DIALECT_NAMES } from '@rollcall/contracts-catalogue';
import type { RawEvent, RawSample } from '@rollcall/contracts-raw';
import { deadLetter, ok, type Outcome } from '@rollcall/pipeline';
import type { ReadEvent, UnreadEvent } from '../event-stages.ts';

const DIALECTS: ReadonlySet<string> = new Set(DIALECT_NAMES);

/** A gateway's clock outside these years is broken, and what hangs on it (retention) would be as well. */
const EARLIEST_MS = Date.UTC(2020, 0, 1);
const LATEST_MS = Date.UTC(2090, 0, 1);

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks that a JSON value is a raw event.
 *
 * Written by hand since a schema library costs more than all other steps together; a property test keeps it at one
 * with `RawEventSchema`. A value that is none becomes `dead_letter('AN_EVENT_UNREADABLE')`.
 */
export function readEvent({ value, coordinates, drops }: UnreadEvent): Outcome<ReadEvent> {
  return isRawEvent(value)
    ? ok({ raw: value, coordinates, drops })
    : deadLetter('AN_EVENT_UNREADABLE');
}

function isRawEvent(value: unknown): value is RawEvent {
  if (!isFields(value)) return false;
  return (
    hasTexts(value) && hasInstants(value) && isFields(value['properties']) && hasSamples(value)
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasTexts({ project, dialect, event, event_id, installation_id }: Fields): boolean {
  return (
    typeof project === 'string' &&
    typeof dialect === 'string' &&
    DIALECTS.has(dialect) &&
    typeof event === 'string' &&
    typeof event_id === 'string' &&
    typeof installation_id === 'string'
  );
}

function hasInstants({ occurred_at, received_at }: Fields): boolean {
  const isReceived =
    typeof received_at === 'number' && received_at >= EARLIEST_MS && received_at < LATEST_MS;
  return isReceived && (occurred_at === null || typeof occurred_at === 'number');
}

function hasSamples({ samples }: Fields): boolean {
  return samples === undefined || (Array.isArray(samples) && samples.every(isSample));
}

function isSample(sample: unknown): sample is RawSample {
  if (!isFields(sample) || !isFields(sample['labels'])) return false;
  const hasTextLabels = Object.values(sample['labels']).every((label) => typeof label === 'string');
  return typeof sample['name'] === 'string' && typeof sample['value'] === 'number' && hasTextLabels;
}
