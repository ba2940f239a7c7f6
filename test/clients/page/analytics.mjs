// Runs in the browser: analytics-next from its own files, loaded by a script element.

function addScript(src) {
  return new Promise((loaded, failed) => {
    const script = document.createElement('script');
    Object.assign(script, { src, onload: loaded, onerror: failed });
    document.head.append(script);
  });
}

/** Tracks messages. Each call gives a promise of its context, which knows whether it was delivered. */
export async function send({ url, writeKey, count, deliveryStrategy }) {
  await addScript('/analytics-next/index.js');
  const { host } = new URL(url);
  const [analytics] = await window.AnalyticsNext.AnalyticsBrowser.load(
    { writeKey, cdnURL: url },
    {
      integrations: {
        'Segment.io': {
          apiHost: `${host}/v1`,
          protocol: 'http',
          ...(deliveryStrategy && { deliveryStrategy }),
        },
      },
    },
  );
  const failures = [];
  analytics.on('error', ({ reason }) => failures.push(String(reason)));
  const contexts = await Promise.all(
    Array.from({ length: count }, () =>
      analytics.track('kusk-cli', { event: 'cluster', version: 'v1.5.2' }),
    ),
  );
  // a batch is sent after its messages were taken
  await new Promise((done) => setTimeout(done, deliveryStrategy ? 1_500 : 0));
  const isDelivered = (context) =>
    context.failedDelivery() === undefined &&
    context.logs().some(({ message }) => message === 'Delivered');
  return { delivered: contexts.filter(isDelivered).length, failures };
}
