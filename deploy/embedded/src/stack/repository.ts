import { join } from 'node:path';

/** Root of the checkout that this file is in. */
export const REPOSITORY = join(import.meta.dirname, '../../../..');

/**
 * Jars of Kafka that everything started in this checkout may use: fetched once, for `npm start` and for every test,
 * which keep all else in directories of their own.
 */
export const sharedKafkaLibsDir = join(REPOSITORY, '.rollcall/kafka/libs');
