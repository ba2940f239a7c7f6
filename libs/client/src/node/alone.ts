import type { Socket } from 'node:net';
import { after } from '../timers.ts';

/** How long a connection may take, in ms, before its being alone counts: the most that a program can end later. */
const PATIENCE_MS = 200;
/** How often to look from then on, in ms. */
const LOOK_MS = 20;
/** Standard streams are listed from the moment they are first used, though they keep nothing alive. */
const STREAMS: ReadonlySet<string> = new Set(['PipeWrap', 'TTYWrap']);

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
 * that says nothing makes that minutes. Node lists what keeps a process alive: the handshake is one of it.
 *
 * A program that does nothing but wait for a person to type, or for an answer by a pipe, looks the same; there a
 * connection that takes longer is given up, and the events are tried again later.
 */
export function abortWhenAlone(socket: Socket, waiting: Waiting, abort: () => void): void {
  const { getActiveResourcesInfo } = process as Resources;
  if (getActiveResourcesInfo === undefined) return;
  let cancel = (): void => {};
  const look = (): void => {
    const listed = getActiveResourcesInfo().filter((name) => !STREAMS.has(name));
    if (listed.length <= waiting.resources) abort();
    else cancel = after(LOOK_MS, look);
  };
  cancel = after(PATIENCE_MS, look);
  socket.once('connect', () => cancel()).once('close', () => cancel());
}
