import { join } from 'node:path';

/**
 * Kafka's jars, fetched once for all tests and for `npm start` of this checkout. Everything else that a test starts
 * lives in a directory of its own.
 */
export const sharedKafkaLibsDir = join(import.meta.dirname, '../../../.rollcall/kafka/libs');
