/**
 * The process of that name, to be sent a signal.
 *
 * @throws when it does not run: a signal to "no process" goes to the group of whoever sends it.
 */
export function pidOf(pids: Readonly<Record<string, number | undefined>>, name: string): number {
  const pid = pids[name];
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}
