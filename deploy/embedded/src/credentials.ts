import { randomBytes } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** What `credentials.json` holds. */
export interface Credentials {
  readonly clickhouse: {
    /** Everything: migrations. */
    readonly admin: Login;
    /** Inserts, nothing else. */
    readonly sink: Login;
    /** Reads the database `rollcall`, nothing else. */
    readonly analyst: Login;
    /** Deletes what is to be erased. */
    readonly eraser: Login;
    /** Reads how far erasures are, nothing else. */
    readonly receipts: Login;
    /** Each reads one project, by the project's name; written by `rollcall analyst add`. */
    readonly analysts?: Readonly<Record<string, Login>>;
  };
  readonly gateway: { readonly admin_token: string };
  readonly projects: {
    readonly kusk: { readonly write_key: string };
    readonly glasskube: { readonly api_key: string };
  };
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}

function newCredentials(): Credentials {
  const login = (user: string): Login => ({ user, password: secret() });
  return {
    clickhouse: {
      admin: login('admin'),
      sink: login('sink'),
      analyst: login('analyst'),
      eraser: login('eraser'),
      receipts: login('receipts'),
    },
    gateway: { admin_token: secret() },
    projects: { kusk: { write_key: secret() }, glasskube: { api_key: secret() } },
  };
}

type Tree = { readonly [key: string]: Tree | string };

/** What `kept` has stays; what it lacks comes from `fresh`: a file of an older version gets the new secrets. */
function fillIn(kept: Tree, fresh: Tree): Tree {
  const filled: Record<string, Tree | string> = { ...kept };
  for (const [key, value] of Object.entries(fresh)) {
    const present = kept[key];
    if (present === undefined) filled[key] = value;
    else if (typeof present !== 'string' && typeof value !== 'string')
      filled[key] = fillIn(present, value);
  }
  return filled;
}

/**
 * Reads the secrets of this installation; makes them when there are none.
 *
 * Guarantee: readable by the owner alone; written as a whole, so that a crash leaves no half of it; a secret that
 * exists is never changed.
 * @throws when the file is there and is not JSON.
 */
export function ensureCredentials(file: string): Credentials {
  mkdirSync(dirname(file), { recursive: true });
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Tree) : undefined;
  const filled = fillIn(kept ?? {}, newCredentials() as unknown as Tree);
  if (JSON.stringify(filled) === JSON.stringify(kept)) return filled as unknown as Credentials;
  const scratch = `${file}.${process.pid}`;
  writeFileSync(scratch, `${JSON.stringify(filled, undefined, 2)}\n`, { mode: 0o600 });
  try {
    // a link fails when another process made the file meanwhile: theirs is used then
    if (kept === undefined) linkSync(scratch, file);
    else renameSync(scratch, file);
  } catch (fault) {
    if (!existsSync(file)) throw fault;
  } finally {
    rmSync(scratch, { force: true });
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Credentials;
}
