import type { Socket } from 'node:net';
import { after } from '../timers.ts';

/** How often to look, in ms: the most that a program may end later than it would without the kit. */
const LOOK_MS = 20;

interface Resources {
  readonly getActiveResourcesInfo?: () => readonly string[];
}

/** A connection that is being made. */
export interface Waiting {
  /** How much of what Node lists as keeping the process alive is this. */
  resources: 0 | 1;
  cancelQuery: () => void;
}

/**
 * Gives a connection up while it is being made, once nothing else is left to do in the process.
 *
 * A TCP handshake keeps the process alive for as long as it takes, also that of a socket that was let go; a firewall
 * that says nothing makes that minutes. Node knows what keeps a process alive: the handshake is one of the list.
 */
export function abortWhenAlone(socket: Socket, waiting: Waiting, abort: () => void): void {
  const { getActiveResourcesInfo } = process as Resources;
  if (getActiveResourcesInfo === undefined) return;
  let cancel = (): void => {};
  const look = (): void => {
    if (getActiveResourcesInfo().length <= waiting.resources) abort();
    else cancel = after(LOOK_MS, look);
  };
  cancel = after(LOOK_MS, look);
  socket.once('connect', () => cancel()).once('close', () => cancel());
}
