import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A key and a certificate for 127.0.0.1 that signs itself, made by Java's own tool. */
export interface Certificate {
  /** PKCS #12, with the key. */
  readonly keystoreFile: string;
  readonly password: string;
  /** PEM, without the key: what clients have to trust. */
  readonly caFile: string;
}

export async function makeCertificate(directory: string, name: string): Promise<Certificate> {
  const keystoreFile = join(directory, `${name}.p12`);
  const caFile = join(directory, `${name}.pem`);
  const password = 'only-for-this-test';
  const store = ['-keystore', keystoreFile, '-storetype', 'PKCS12', '-storepass', password];
  const names = ['-dname', 'CN=rollcall-test', '-ext', 'SAN=ip:127.0.0.1', '-ext', 'bc:c'];
  const key = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '2'];
  await run('keytool', ['-genkeypair', '-alias', 'own', ...key, ...names, ...store]);
  await run('keytool', ['-exportcert', '-rfc', '-alias', 'own', '-file', caFile, ...store]);
  return { keystoreFile, password, caFile };
}
