import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { brokerProperties, freePorts, sharedKafkaLibsDir } from '@rollcall/embedded';
import { createKafka, type KafkaSettings } from '@rollcall/kafka';
import { silentLog } from '@rollcall/testing';
import type { Certificate } from './certificate.ts';

const run = promisify(execFile);
const ACLS_FILE = join(import.meta.dirname, '../../deploy/kafka/acls.json');
const CLASS_PATH = join(sharedKafkaLibsDir, '*');

/** Everybody's password: the test is about who may do what with the right one. */
export const passwordOf = (user: string): string => `password-of-${user}`;

/** A broker that takes TLS and SCRAM-SHA-512 alone, and lets nobody do anything that no rule allows. */
export interface SecureBroker {
  readonly address: string;
  settingsOf(user: string): KafkaSettings;
  /** One more right than services have. */
  allowGroup(group: string, users: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export async function startSecureBroker(
  directory: string,
  certificate: Certificate,
): Promise<SecureBroker> {
  const [port = 0, controllerPort = 0] = await freePorts(2);
  const propertiesFile = writeProperties(directory, certificate, { port, controllerPort });
  await format(propertiesFile);
  const broker = spawn('java', ['-cp', CLASS_PATH, '-Xmx256m', 'kafka.Kafka', propertiesFile], {
    stdio: 'ignore',
  });
  const address = `127.0.0.1:${port}`;
  const settingsOf = (user: string): KafkaSettings => ({
    brokers: [address],
    clientId: user,
    ssl: { ca: [readFileSync(certificate.caFile, 'utf8')] },
    sasl: { mechanism: 'scram-sha-512', username: user, password: passwordOf(user) },
  });
  const stop = async (): Promise<void> => {
    const exited = once(broker, 'exit');
    broker.kill('SIGTERM');
    await exited;
  };
  await untilItAnswers(settingsOf('admin'));
  const users = JSON.parse(readFileSync(ACLS_FILE, 'utf8')) as readonly UserRights[];
  await addRules(settingsOf('admin'), users);
  const allowGroup = (group: string, users: readonly string[]): Promise<void> =>
    addRules(
      settingsOf('admin'),
      users.map((user) => ({ user, rights: [{ group, operations: ['Read', 'Describe'] }] })),
    );
  return { address, settingsOf, allowGroup, stop };
}

/** The properties of the embedded broker; what stands below takes the place of what stands above. */
function writeProperties(
  directory: string,
  { keystoreFile, password }: Certificate,
  ports: { readonly port: number; readonly controllerPort: number },
): string {
  const dataDir = join(directory, 'data');
  mkdirSync(dataDir, { recursive: true });
  const login = 'org.apache.kafka.common.security.scram.ScramLoginModule required';
  const own = {
    listeners: `SASL_SSL://127.0.0.1:${ports.port},CONTROLLER://127.0.0.1:${ports.controllerPort}`,
    'advertised.listeners': `SASL_SSL://127.0.0.1:${ports.port}`,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL',
    'inter.broker.listener.name': 'SASL_SSL',
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'sasl.mechanism.inter.broker.protocol': 'SCRAM-SHA-512',
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': `${login} username="admin" password="${passwordOf('admin')}";`,
    'ssl.keystore.location': keystoreFile,
    'ssl.keystore.password': password,
    'ssl.keystore.type': 'PKCS12',
    'ssl.truststore.location': keystoreFile,
    'ssl.truststore.password': password,
    'ssl.truststore.type': 'PKCS12',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:admin;User:ANONYMOUS',
    'allow.everyone.if.no.acl.found': 'false',
  };
  const lines = Object.entries(own).map(([name, value]) => `${name}=${value}\n`);
  const file = join(directory, 'server.properties');
  writeFileSync(file, brokerProperties({ host: '127.0.0.1', ...ports, dataDir }) + lines.join(''));
  return file;
}

/** The first users are part of the storage: without them nobody could log in to make others. */
async function format(propertiesFile: string): Promise<void> {
  const users = ['admin', 'gateway', 'anonymizer', 'sink'].flatMap((user) => [
    '--add-scram',
    `SCRAM-SHA-512=[name=${user},password=${passwordOf(user)}]`,
  ]);
  const id = Buffer.from('rollcall-secure-').toString('base64url');
  const tool = ['-cp', CLASS_PATH, 'kafka.tools.StorageTool', 'format', '-t', id];
  await run('java', [...tool, '-c', propertiesFile, ...users]);
}

async function untilItAnswers(settings: KafkaSettings): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const admin = createKafka(settings, silentLog, 1).admin();
    try {
      await admin.connect();
      await admin.listTopics();
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(200);
    } finally {
      await admin.disconnect();
    }
  }
}

interface Right {
  readonly topic?: string;
  readonly group?: string;
  readonly transactionalId?: string;
  readonly isPrefix?: boolean;
  readonly operations: readonly (keyof typeof OPERATIONS)[];
}

/** An entry of the file that operators are told to make rules of. */
interface UserRights {
  readonly user: string;
  readonly rights: readonly Right[];
}

/** Kafka's numbers. @see https://kafka.apache.org/43/javadoc/org/apache/kafka/common/acl/AclOperation.html */
const OPERATIONS = { Read: 3, Write: 4, Describe: 8 };
const RESOURCES = { topic: 2, group: 3, transactionalId: 5 };
const LITERAL = 3;
const PREFIXED = 4;
const ALLOW = 3;

async function addRules(settings: KafkaSettings, users: readonly UserRights[]): Promise<void> {
  const acl = users.flatMap(({ user, rights }) =>
    rights.flatMap((right) =>
      right.operations.map((operation) => ({
        ...resourceOf(right),
        resourcePatternType: right.isPrefix ? PREFIXED : LITERAL,
        principal: `User:${user}`,
        host: '*',
        operation: OPERATIONS[operation],
        permissionType: ALLOW,
      })),
    ),
  );
  const admin = createKafka(settings, silentLog).admin();
  await admin.connect();
  await admin.createAcls({ acl });
  await admin.disconnect();
}

function resourceOf({ topic, group, transactionalId }: Right) {
  if (topic !== undefined) return { resourceType: RESOURCES.topic, resourceName: topic };
  if (group !== undefined) return { resourceType: RESOURCES.group, resourceName: group };
  return { resourceType: RESOURCES.transactionalId, resourceName: transactionalId ?? '' };
}
