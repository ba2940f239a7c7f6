import { topicSpecs, TOPICS, type TopicName } from '@rollcall/contracts-transport';
import type { Rotation } from './privacy-page.ts';

const HOUR_MS = 3_600_000;

/** How long Kafka keeps a topic unless the deployment says otherwise, in words. Taken from the topic specifications. */
export function keptInKafka(topic: TopicName): string {
  const spec = topicSpecs(1).find((candidate) => candidate.topic === topic);
  const hours = Math.round((spec?.retentionMs ?? 0) / HOUR_MS);
  return hours % 24 === 0 && hours > 24 ? `${hours / 24} days` : `${hours} hours`;
}

/** What becomes of data between the sender and the tables, for every project alike. */
export function flowSentences(): string[] {
  return [
    'The client sends over HTTP to the gateway of this Rollcall, which its operator runs. Rollcall passes nothing on to anybody else.',
    'The gateway never stores or logs the sender’s network address, cookies, referrer or credentials.',
    `What arrives waits in a queue (Kafka) as it was sent, for about ${keptInKafka(TOPICS.raw)} unless the operator sets it otherwise; there only the anonymizer reads it.`,
    'The anonymizer drops every field that this page does not name, replaces identifiers by pseudonyms and treats the rest as the tables say.',
    `Only the result goes on: to a second queue (about ${keptInKafka(TOPICS.anonymized)}) and to the ClickHouse tables that maintainers query.`,
    'What is refused leaves a code and a position behind, never its content.',
    'A record that was refused may be sent through again within the time that its queue keeps it, and then lies there for as long again: twice that time at most, however often it is sent. What came in the same record can go along.',
  ];
}

/** How an erasure goes, for every project alike. */
export function erasureSentences(project: string): string[] {
  return [
    `Whoever knows the identifier of an installation may have its data erased without asking anybody: with the form of the page that the gateway serves, by POST /p/${project}/erasures with {"installation_id": "…"}, or with "rollcall erase ${project}". The answer is the same for an identifier that is known and for one that is not.`,
    'It is a receipt, under which the gateway says how far the erasure is: queued, deleted, then verified, with the number of rows that there were in each table. That takes seconds to minutes. The receipt holds neither the identifier nor a pseudonym.',
    'Rows are deleted in every table that names installations, and the numbers made of them change with them. What arrives later, or again, under a pseudonym that was erased is not stored, so switch telemetry off as well if nothing is to be sent any more.',
    `What was sent before stays in the queue until it expires: as it was sent for about ${keptInKafka(TOPICS.raw)}, or twice that where it was refused and sent through again, and the request for erasure for about ${keptInKafka(TOPICS.erasure)}, both readable by the anonymizer only; without identifiers for about ${keptInKafka(TOPICS.anonymized)}, or in the same case twice that.`,
    'Rows of an installation whose key was destroyed, and events that name no installation, belong to nobody that could be found, and stay until their retention ends.',
  ];
}

/** What no project of a Rollcall can collect, whatever its file says. */
export const NEVER_COLLECTED: readonly string[] = [
  'The network address that the data came from, and any address that a proxy forwards',
  'Cookies, credentials, the referring page and places derived from an address',
  'Any field or event that is not named on this page',
];

const ROTATION: Readonly<Record<Rotation, string>> = {
  never: 'The key is never changed on a schedule, so one installation keeps one pseudonym.',
  yearly:
    'A new key is used every year: pseudonyms of one year cannot be joined to those of the next.',
  quarterly:
    'A new key is used every quarter: pseudonyms of one quarter cannot be joined to those of the next.',
  monthly:
    'A new key is used every month: pseudonyms of one month cannot be joined to those of the next.',
};

/** What a pseudonym is and what it is not, in plain words. */
export function pseudonymSentences(rotation: Rotation): string[] {
  return [
    'An identifier is replaced by a keyed pseudonym (HMAC-SHA-256, shortened to 128 bits) before it reaches a table. The same installation gets the same pseudonym, another project gets another.',
    'The key is random, belongs to this project alone and is held by the anonymizer only. Without it nobody can turn an identifier into its pseudonym, not even by trying all of them.',
    ROTATION[rotation],
    'While a key exists, whoever holds it and already knows an identifier can find its rows; that is also how an erasure works. So the data is pseudonymous, not anonymous, until the key is destroyed. From then on nobody can make the link, the operator included.',
  ];
}
