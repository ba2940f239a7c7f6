import { setTimeout as sleep } from 'node:timers/promises';

/** A receipt, as the gateway answers it. */
export interface Status {
  readonly receipt: string;
  readonly status: string;
  readonly rows: Readonly<Record<string, number>>;
}

const LIMIT_MS = 60_000;
const POLL_MS = 150;

/** Asks for erasures as a person with curl does. */
export class ErasureClient {
  readonly #gateway: string;

  constructor(gateway: string) {
    this.#gateway = gateway;
  }

  post(
    project: string,
    body: string,
    headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
  ): Promise<Response> {
    const url = `${this.#gateway}/p/${project}/erasures`;
    return fetch(url, { method: 'POST', body, redirect: 'manual', headers });
  }

  /** @returns the receipt. */
  async erase(project: string, id: string): Promise<string> {
    const answer = await this.post(project, JSON.stringify({ installation_id: id }));
    if (answer.status !== 202) throw new Error(`not taken: ${answer.status}`);
    return ((await answer.json()) as Status).receipt;
  }

  async status(project: string, receipt: string): Promise<Status> {
    const answer = await fetch(`${this.#gateway}/p/${project}/erasures/${receipt}`);
    if (answer.status !== 200) throw new Error(`no status: ${answer.status}`);
    return (await answer.json()) as Status;
  }

  async verified(project: string, receipt: string): Promise<Status> {
    const isVerified = async () => (await this.status(project, receipt)).status === 'verified';
    await until(isVerified, `erasure in ${project}`);
    return this.status(project, receipt);
  }
}

/** @throws when it is not so in time. */
export async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not seen in time: ${what}`);
    await sleep(POLL_MS);
  }
}
