/** What a client library says about the messages that it was given. */
export interface Delivery {
  /** How many messages the library itself reported as delivered. */
  readonly delivered: number;
  /** Everything that it reported as a failure, by its own means. */
  readonly failures: readonly string[];
}

/** Where to send, with which key, and how much. */
export interface Assignment {
  readonly url: string;
  readonly writeKey: string;
  readonly count: number;
}

/** As many different installations send as this, so that rows can be seen to keep them apart. */
export const INSTALLATIONS = 5;

/** @returns the installation of a message by its place: `segment-node-3`. */
export function installationOf(library: string, index: number): string {
  return `${library}-${index % INSTALLATIONS}`;
}
