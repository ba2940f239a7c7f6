import { stat } from 'node:fs/promises';
import { checkCatalogue, loadCatalogue, readWriteKeysFile } from '@rollcall/catalogue';
import { RollcallError } from '@rollcall/contracts-transport';
import { credentialsFile, keyringFile, type CliConfig } from '../cli.config.ts';
import { failed, ok, warning, type CheckResult } from './check.ts';

/** The law has to be readable before anything is collected. */
export async function lookAtCatalogue(config: CliConfig): Promise<CheckResult> {
  const { projects, findings } = await checkCatalogue(config.CATALOGUE_DIR);
  if (findings.length > 0)
    return failed(
      'catalogue',
      `CAT_INVALID: ${findings.length} findings in ${config.CATALOGUE_DIR}`,
      'Run rollcall catalogue check: it names each line and what to do',
    );
  return ok('catalogue', `${projects.length} projects in ${config.CATALOGUE_DIR}`);
}

/** Projects without a key can receive nothing from clients that must send one. */
export async function lookAtWriteKeys(config: CliConfig): Promise<CheckResult> {
  const file = config.ROLLCALL_WRITE_KEYS_FILE;
  try {
    const extraKeys = file === undefined ? {} : await readWriteKeysFile(file);
    const { projects } = await loadCatalogue(config.CATALOGUE_DIR, { extraKeys });
    const keyless = [...projects.values()].filter(({ write_keys: keys }) => keys.length === 0);
    const unknown = Object.keys(extraKeys).filter((name) => !projects.has(name));
    if (unknown.length > 0)
      return warning(
        'write keys',
        `keys for projects without a file: ${unknown.join(', ')}`,
        'Correct the names in ROLLCALL_WRITE_KEYS_FILE',
      );
    if (keyless.length > 0)
      return warning(
        'write keys',
        `no key for ${keyless.map(({ project }) => project).join(', ')}`,
        'Set ROLLCALL_WRITE_KEYS_FILE (npm start does it for its own services)',
      );
    return ok('write keys', 'every project that needs one has one');
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    return failed(
      'write keys',
      `${error.code}: ${error.message.split('\n')[0] ?? ''}`,
      'Correct the file, or unset ROLLCALL_WRITE_KEYS_FILE',
    );
  }
}

const OWNER_ONLY = 0o077;
const NO_OTHERS = 0o037;

/** The file is looked at from outside only: this program never reads a key. */
export async function lookAtKeyring(config: CliConfig): Promise<CheckResult> {
  const file = keyringFile(config);
  const forbidden = config.ROLLCALL_KEYRING_ALLOW_GROUP_READ ? NO_OTHERS : OWNER_ONLY;
  const entry = await stat(file).catch(() => undefined);
  if (entry === undefined)
    return failed(
      'keyring',
      `AN_KEYRING_MISSING: there is no ${file}`,
      'Run rollcall keys init, or set ROLLCALL_KEYRING_FILE',
    );
  return modeResult('keyring', { file, mode: entry.mode, forbidden });
}

/** Passwords of the embedded mode; where there are none, there is nothing to guard. */
export async function lookAtCredentials(config: CliConfig): Promise<CheckResult> {
  const file = credentialsFile(config);
  const entry = await stat(file).catch(() => undefined);
  if (entry === undefined) return ok('credentials', 'none here; the embedded mode was not used');
  return modeResult('credentials', { file, mode: entry.mode, forbidden: OWNER_ONLY });
}

function modeResult(
  name: string,
  {
    file,
    mode,
    forbidden,
  }: { readonly file: string; readonly mode: number; readonly forbidden: number },
): CheckResult {
  const shown = (mode & 0o777).toString(8).padStart(4, '0');
  if ((mode & forbidden) === 0) return ok(name, `${file}, mode ${shown}`);
  return failed(name, `${file} can be read by others, mode ${shown}`, `Run chmod 600 ${file}`);
}
