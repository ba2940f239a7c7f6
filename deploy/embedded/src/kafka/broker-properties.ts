/** A further listener, which tells its clients another port than its own: that of a proxy in front of it. */
export interface ProxiedListener {
  readonly port: number;
  readonly advertisedPort: number;
}

/** What differs between two embedded brokers. */
export interface BrokerSettings {
  readonly host: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly dataDir: string;
  readonly proxied?: readonly ProxiedListener[] | undefined;
}

const MEBIBYTE = 1_048_576;

/** The broker's own listeners, and one for each proxy. */
function listenerProperties(settings: BrokerSettings): Readonly<Record<string, string>> {
  const { host, port, controllerPort, proxied = [] } = settings;
  const named = proxied.map((listener, index) => ({ ...listener, name: `PROXIED${index + 1}` }));
  const listeners = [
    `PLAINTEXT://${host}:${port}`,
    `CONTROLLER://${host}:${controllerPort}`,
    ...named.map((listener) => `${listener.name}://${host}:${listener.port}`),
  ];
  const advertised = [
    `PLAINTEXT://${host}:${port}`,
    ...named.map(({ name, advertisedPort }) => `${name}://${host}:${advertisedPort}`),
  ];
  const protocols = ['CONTROLLER', 'PLAINTEXT', ...named.map(({ name }) => name)];
  return {
    listeners: listeners.join(','),
    'advertised.listeners': advertised.join(','),
    'listener.security.protocol.map': protocols.map((name) => `${name}:PLAINTEXT`).join(','),
  };
}

/**
 * The broker's properties: one KRaft node that is broker and controller, on a laptop.
 *
 * @see https://kafka.apache.org/43/configuration/broker-configs/
 */
export function brokerProperties(settings: BrokerSettings): string {
  const { host, controllerPort, dataDir } = settings;
  const lines = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${host}:${controllerPort}`,
    ...listenerProperties(settings),
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': dataDir.replaceAll('\\', '/'),
    // one broker holds the only replica of everything
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // Rollcall makes its topics itself; a topic made by a typing error would hide the error
    'auto.create.topics.enable': false,
    'num.partitions': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.num.partitions': 4,
    'group.initial.rebalance.delay.ms': 0,
    // after a SIGKILL a start waits until the registration before it has expired: 12 s with the default, 6 s with this. Much
    // less, and a machine that is busy for a moment takes its only broker for dead
    'broker.session.timeout.ms': 4000,
    'broker.heartbeat.interval.ms': 500,
    'message.max.bytes': 8 * MEBIBYTE,
    'log.segment.bytes': 64 * MEBIBYTE,
    'log.retention.hours': 168,
    'log.retention.check.interval.ms': 60_000,
    'log.cleaner.threads': 1,
    'log.cleaner.dedupe.buffer.size': 8 * MEBIBYTE,
    // a laptop may be off for weeks; what was consumed must not be consumed again then
    'offsets.retention.minutes': 60 * 24 * 60,
    // the largest number this one takes is 24 days
    'transactional.id.expiration.ms': 20 * 24 * 3_600_000,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
