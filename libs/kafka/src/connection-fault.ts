import { RollcallError } from '@rollcall/contracts-transport';

/** What Kafka says of a user that may not, by kafkajs' names of its answers. */
const DENIALS: ReadonlySet<unknown> = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
]);

/** What Node says of a certificate, or of a peer that does not speak TLS. */
const TLS_CODE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ALTNAME|ERR_SSL|EPROTO/;

/**
 * Tells a failure that waiting does not mend from a broker that is away.
 *
 * @returns undefined for the latter
 */
export function findConnectionFault(error: unknown, brokers: string): RollcallError | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at.name === 'KafkaJSSASLAuthenticationError' || ('type' in at && DENIALS.has(at.type)))
      return new RollcallError(
        'KFK_DENIED',
        `${brokers}: check KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD, and what that user may do (deploy/kafka)`,
      );
    if ('code' in at && typeof at.code === 'string' && TLS_CODE.test(at.code))
      return new RollcallError(
        'KFK_UNTRUSTED',
        `${brokers}: ${at.code}; check KAFKA_SSL and KAFKA_SSL_CA_FILE`,
      );
    if (at.cause === at) break;
  }
  return undefined;
}
