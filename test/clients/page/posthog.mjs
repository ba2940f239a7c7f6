// Runs in the browser: posthog-js as a website's own bundle has it.

async function load({ url, writeKey, ...settings }) {
  const { default: posthog } = await import(new URL('/posthog-js/module.js', location.href).href);
  const failures = [];
  await new Promise((loaded) => {
    posthog.init(writeKey, {
      api_host: url,
      capture_pageview: false,
      // a browser without a window counts as a robot, whose events the library drops
      opt_out_useragent_filter: true,
      on_request_error: ({ statusCode }) => failures.push(`status ${statusCode}`),
      loaded,
      ...settings,
    });
  });
  return { posthog, failures };
}

/** Captures page views and waits until the library's queue was sent. */
export async function send({ count, ...settings }) {
  const { posthog, failures } = await load({
    ...settings,
    request_queue_config: { flush_interval_ms: 250 },
  });
  for (let sent = 0; sent < count; sent += 1) posthog.capture('$pageview');
  await new Promise((done) => setTimeout(done, 2_000));
  return { failures };
}

/** Captures page views that are still in the library's queue when the page is left. */
export async function sendLate({ count, ...settings }) {
  const { posthog } = await load(settings);
  for (let sent = 0; sent < count; sent += 1) posthog.capture('$pageview');
}
