import { get } from 'node:http';

const TIMEOUT_MS = 2000;

/**
 * Asks a URL once, on a connection of its own: a kept one would delay the other side's end.
 *
 * @returns the status, or undefined when nobody answered in time. Never fails.
 */
export function httpStatus(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(undefined));
  });
}
