import type { ClientTransport } from '../ports.ts';

/**
 * Requests over `fetch`, which outlive the page that made them.
 *
 * Guarantee: no cookie, no credentials, no referrer are sent, and redirects are not followed.
 */
export function createFetchTransport(): ClientTransport {
  return {
    send: async ({ url, headers, body }, signal) => {
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body,
        signal,
        keepalive: true,
        redirect: 'manual',
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
      });
      return {
        status: response.status,
        retryAfter: response.headers.get('retry-after') ?? undefined,
        body: await response.text(),
      };
    },
  };
}
