import type { HttpCode } from '@rollcall/contracts-transport';
import type { WireEvent } from './dialect.ts';

/** Why one event cannot be taken. `detail` names fields by path, never their values. */
export interface EventFault {
  readonly code: HttpCode;
  readonly detail: string;
}

/** What became of reading one event. */
export type EventRead = WireEvent | EventFault;

const MAX_PATH_LENGTH = 120;

export function isFault(read: EventRead): read is EventFault {
  return 'code' in read;
}

/** The fault of a field that is not what it must be, e.g. `datastores.etcd.count: must be a number`. */
export function shapeFault(path: string, complaint: string): EventFault {
  const place = path.length > MAX_PATH_LENGTH ? `${path.slice(0, MAX_PATH_LENGTH)}…` : path;
  return {
    code: 'GW_EVENT_SHAPE',
    detail: place === '' ? complaint : `${place.toWellFormed()}: ${complaint}`,
  };
}
