import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LEVEL = 'high';

interface Report {
  readonly error?: { readonly code?: string };
  readonly message?: string;
  readonly metadata?: { readonly vulnerabilities: Readonly<Record<string, number>> };
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
}

/** npm ends with 1 both for findings and for a registry that has no answer; what it prints tells them apart. */
async function ask(): Promise<Report> {
  const args = ['audit', '--omit=dev', `--audit-level=${LEVEL}`, '--json'];
  try {
    return JSON.parse((await run('npm', args, { timeout: 60_000 })).stdout) as Report;
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string };
    return JSON.parse(stdout === '' ? '{"message":"no answer"}' : stdout) as Report;
  }
}

/**
 * Asks for known weaknesses of what runs in production. A registry that cannot be asked is no finding, and is not called
 * a pass either; what needs no registry (checksums, licences, exact versions, install scripts) is in
 * `test/architecture/hygiene.spec.ts` and always holds.
 */
const { metadata, vulnerabilities = {} } = await ask();
if (metadata === undefined) {
  console.log('Not audited: the registry did not answer the question for known weaknesses.');
} else {
  const bad = Object.entries(vulnerabilities).filter(([, { severity }]) =>
    ['high', 'critical'].includes(severity),
  );
  for (const [name, { severity }] of bad)
    console.log(`${severity}: ${name}. See: npm audit --omit=dev`);
  console.log(`Audited: ${bad.length} of severity ${LEVEL} or worse.`);
  process.exitCode = bad.length > 0 ? 1 : 0;
}
