import type { DialectName } from '@rollcall/contracts-catalogue';

/** A request as it goes out. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** How clients of a dialect say something, and where in it the parts are that can be spoiled. */
export interface Wire {
  readonly dialect: DialectName;
  readonly project: string;
  /** Whether an event carries an id of its own, under which it is stored. */
  readonly hasIds: boolean;
  /** Whether host or path say whose it is; else only the key in it does. */
  readonly isNamedByAddress: boolean;
  /** One good event. The id makes it the only one of its kind. */
  good(id: string): Sent;
  /** As text of the body: a value, and what names the event or who sends it. */
  readonly value: string;
  readonly identifier: (id: string) => string;
  readonly name: string;
}

/** The id of the other good event in a request of two. */
export function secondOf(id: string): string {
  return `${id}-2`;
}

/** Write keys of the stack under test. */
export interface Keys {
  readonly kusk: string;
  readonly glasskube: string;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (path: string, body: string, headers: Record<string, string> = JSON_TYPE): Sent => ({
  method: 'POST',
  path,
  headers,
  body,
});

const NATIVE: Wire = {
  dialect: 'native',
  project: 'kamaji',
  hasIds: true,
  isNamedByAddress: true,
  good: (id) =>
    post(
      '/p/kamaji/events',
      `{"event":"stats","event_id":"${id}","installation_id":"i-${id}","occurred_at":"${new Date().toISOString()}","properties":{"kamaji_version":"v1.0.0","tenant_control_plane":{"running":7}}}`,
    ),
  value: '"running":7',
  identifier: (id) => `"installation_id":"i-${id}"`,
  name: '"event":"stats",',
};

const KAMAJI: Wire = {
  dialect: 'kamaji',
  project: 'kamaji',
  hasIds: false,
  isNamedByAddress: true,
  good: (id) =>
    post(
      '/p/kamaji/stats',
      `{"uuid":"${id}","kamaji_version":"v1.0.0","kubernetes_version":"v1.33.1","tenant_control_plane":{"running":7}}`,
    ),
  value: '"running":7',
  identifier: (id) => `"uuid":"${id}"`,
  name: '"kamaji_version":"v1.0.0",',
};

const SVELTOS: Wire = {
  dialect: 'sveltos',
  project: 'sveltos',
  hasIds: false,
  isNamedByAddress: true,
  good: (id) => ({
    ...post(
      '/p/sveltos/',
      `{"uuid":"${id}","sveltosVersion":"v1.1.1","sveltosClusters":12,"profiles":2}`,
    ),
    method: 'GET',
  }),
  value: '"sveltosClusters":12',
  identifier: (id) => `"uuid":"${id}"`,
  name: '"sveltosVersion":"v1.1.1",',
};

const COZYSTACK: Wire = {
  dialect: 'cozystack',
  project: 'cozystack',
  hasIds: false,
  isNamedByAddress: true,
  good: (id) =>
    post('/p/cozystack/', 'cozy_application_count{kind="Postgres"} 2\n', {
      'content-type': 'text/plain',
      'x-cluster-id': id,
    }),
  value: ' 2',
  identifier: () => 'kind="Postgres"',
  name: 'cozy_application_count',
};

function segment({ kusk }: Keys): Wire {
  const authorization = `Basic ${Buffer.from(`${kusk}:`).toString('base64')}`;
  return {
    dialect: 'segment',
    project: 'kusk',
    hasIds: true,
    isNamedByAddress: false,
    good: (id) =>
      post(
        '/v1/batch',
        `{"batch":[{"type":"track","messageId":"${id}","anonymousId":"a-${id}","event":"kusk","timestamp":"${new Date().toISOString()}","properties":{"message":"kusk-gateway manager bootstrapping","version":"v1.5.2"}}],"context":{"library":{"name":"analytics-go","version":"3.0.0"}}}`,
        { ...JSON_TYPE, authorization },
      ),
    value: '"message":"kusk-gateway manager bootstrapping"',
    identifier: (id) => `"anonymousId":"a-${id}"`,
    name: '"type":"track",',
  };
}

function posthog({ glasskube }: Keys): Wire {
  return {
    dialect: 'posthog',
    project: 'glasskube',
    hasIds: true,
    isNamedByAddress: false,
    good: (id) =>
      post(
        '/batch/',
        `{"api_key":"${glasskube}","batch":[{"type":"capture","uuid":"${id}","timestamp":"${new Date().toISOString()}","distinct_id":"d-${id}","event":"bootstrap_attempt","properties":{"cluster_nnodes":3,"version":"0.26.1"}}]}`,
      ),
    value: '"cluster_nnodes":3',
    identifier: (id) => `"distinct_id":"d-${id}"`,
    name: '"event":"bootstrap_attempt",',
  };
}

export function wiresOf(keys: Keys): readonly Wire[] {
  return [NATIVE, KAMAJI, SVELTOS, COZYSTACK, segment(keys), posthog(keys)];
}
