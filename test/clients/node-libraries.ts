import { createRequire } from 'node:module';
import type RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { PostHog } from 'posthog-node';
import { installationOf, type Assignment, type Delivery } from './delivery.ts';

// a CommonJS class whose types say it were the module itself
const Rudder = createRequire(import.meta.url)(
  '@rudderstack/rudder-sdk-node',
) as typeof RudderAnalytics;

const COMMAND = { event: 'cluster', command: ['cluster', 'install'], version: 'v1.5.2' };
const INSTALL = { version: '0.26.1', exit_code: 0 };

function times<Result>(count: number, make: (index: number) => Result): Result[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Each message has a callback, which is told of an error when it could not be delivered. */
export async function sendBySegment({ url, writeKey, count }: Assignment): Promise<Delivery> {
  const analytics = new Analytics({ writeKey, host: url });
  const failures: string[] = [];
  analytics.on('error', ({ code, reason }) => failures.push(`${code}: ${String(reason)}`));
  let delivered = 0;
  for (const anonymousId of times(count, (index) => installationOf('segment-node', index)))
    analytics.track({ anonymousId, event: 'kusk-cli', properties: COMMAND }, (error) => {
      if (error === undefined) delivered += 1;
      else failures.push('a message was not delivered');
    });
  await analytics.closeAndFlush();
  return { delivered, failures };
}

/** How posthog-node is told to send. */
export interface PostHogManner {
  readonly library: string;
  readonly disableCompression: boolean;
}

/** The event `flush` lists what was sent, the event `error` says what was not. */
export async function sendByPostHog(
  { url, writeKey, count }: Assignment,
  { library, disableCompression }: PostHogManner,
): Promise<Delivery> {
  const posthog = new PostHog(writeKey, { host: url, disableCompression });
  const failures: string[] = [];
  let delivered = 0;
  posthog.on('error', (error: unknown) => failures.push(String(error)));
  posthog.on('flush', (messages: readonly unknown[]) => {
    delivered += messages.length;
  });
  for (const distinctId of times(count, (index) => installationOf(library, index)))
    posthog.capture({ distinctId, event: 'install', properties: INSTALL });
  await posthog.shutdown();
  return { delivered, failures };
}

/** Each message has a callback; what could not be delivered goes to the error handler as well. */
export async function sendByRudder({ url, writeKey, count }: Assignment): Promise<Delivery> {
  const failures: string[] = [];
  const rudder = new Rudder(writeKey, {
    dataPlaneUrl: url,
    errorHandler: (error: unknown) => failures.push(String(error)),
  });
  const answers = times(
    count,
    (index) =>
      new Promise<unknown>((told) => {
        const anonymousId = installationOf('rudder-node', index);
        rudder.track({ anonymousId, event: 'kusk-cli', properties: COMMAND }, (error?: unknown) =>
          told(error),
        );
      }),
  );
  // the first flush takes as many as fit into one request, the next the rest
  for (let flushes = 0; flushes < 3; flushes += 1) await rudder.flush();
  const errors = (await Promise.all(answers)).filter((error) => error instanceof Error);
  return { delivered: count - errors.length, failures: [...failures, ...errors.map(String)] };
}
