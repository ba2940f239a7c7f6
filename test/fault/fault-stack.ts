import { join } from 'node:path';
import {
  freeRollcallPorts,
  startRollcall,
  type ProxiedListener,
  type RollcallStack,
} from '@rollcall/embedded';
import { FaultProxy } from './fault-proxy.ts';
import { HOPS, type Hop } from './fault-plan.ts';

/** A whole Rollcall whose services reach Kafka and ClickHouse through proxies. */
export interface FaultStack {
  readonly stack: RollcallStack;
  readonly dataDir: string;
  readonly proxies: Readonly<Record<Hop, FaultProxy>>;
  stop(): Promise<void>;
}

/** Full within seconds under the load of a fault run. */
const SPOOL_BYTES = 2 * 1_048_576;
/** All of the load is one address and few projects. */
const UNLIMITED = { GATEWAY_RATE_ADDRESS_PER_SECOND: '0', GATEWAY_RATE_KEY_PER_SECOND: '0' };

async function startProxies(
  targets: Readonly<Record<Hop, number>>,
): Promise<{ proxies: Record<Hop, FaultProxy>; ports: Record<Hop, number> }> {
  const started = await Promise.all(
    HOPS.map(async (hop) => {
      const proxy = new FaultProxy(targets[hop]);
      return { hop, proxy, port: await proxy.listen() };
    }),
  );
  return {
    proxies: Object.fromEntries(started.map(({ hop, proxy }) => [hop, proxy])) as Record<
      Hop,
      FaultProxy
    >,
    ports: Object.fromEntries(started.map(({ hop, port }) => [hop, port])) as Record<Hop, number>,
  };
}

/** Starts it, with a spool and without limits of rate. */
export async function startFaultStack(dataDir: string): Promise<FaultStack> {
  const { ports: named, others } = await freeRollcallPorts(3);
  const [forGateway = 0, forAnonymizer = 0, forSink = 0] = others;
  const { proxies, ports } = await startProxies({
    'gateway-kafka': forGateway,
    'anonymizer-kafka': forAnonymizer,
    'sink-kafka': forSink,
    'sink-clickhouse': named.clickhouseHttp,
  });
  const kafkaHops = ['gateway-kafka', 'anonymizer-kafka', 'sink-kafka'] as const;
  const kafka: ProxiedListener[] = kafkaHops.map((hop, index) => ({
    port: others[index] ?? 0,
    advertisedPort: ports[hop],
  }));
  const through = (hop: Hop): Record<string, string> => ({
    KAFKA_BROKERS: `127.0.0.1:${ports[hop]}`,
  });
  const closeProxies = async (): Promise<void> => {
    await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
  };
  try {
    const stack = await startRollcall({
      dataDir,
      ports: named,
      proxies: { kafka, clickhouseUrl: `http://127.0.0.1:${ports['sink-clickhouse']}` },
      serviceEnvironment: {
        gateway: {
          ...through('gateway-kafka'),
          ...UNLIMITED,
          GATEWAY_SPOOL_DIR: join(dataDir, 'spool'),
          GATEWAY_SPOOL_MAX_BYTES: String(SPOOL_BYTES),
        },
        anonymizer: through('anonymizer-kafka'),
        sink: through('sink-kafka'),
      },
    });
    const stop = async (): Promise<void> => {
      for (const proxy of Object.values(proxies)) proxy.heal();
      await stack.stop();
      await closeProxies();
    };
    return { stack, dataDir, proxies, stop };
  } catch (fault) {
    await closeProxies();
    throw fault;
  }
}
