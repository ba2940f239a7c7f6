import { CI_VARIABLES } from './ci.table.ts';
import type { Refusal } from '../ports.ts';

/** What a Node process is told by its environment. */
export interface Environment {
  readonly refusal: Refusal | undefined;
  /** Whether requests are to be shown and not sent. */
  readonly isPrinting: boolean;
  /** Folders that the system names for settings; each may be missing. */
  readonly xdgConfigHome: string | undefined;
  readonly appData: string | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads the variables that the kit obeys. The kit never sends one, nor what it says.
 *
 * @param optOutVariable the project's own.
 */
export function readEnvironment(
  optOutVariable: string | undefined,
  variables: Variables = process.env,
): Environment {
  return {
    refusal: refusalOf(variables, optOutVariable),
    isPrinting: isSet(variables['ROLLCALL_PRINT']),
    xdgConfigHome: variables['XDG_CONFIG_HOME'],
    appData: variables['APPDATA'],
  };
}

function refusalOf(variables: Variables, optOutVariable: string | undefined): Refusal | undefined {
  if (isSet(variables['DO_NOT_TRACK'])) return 'do-not-track';
  if (optOutVariable !== undefined && isSet(variables[optOutVariable])) return 'opt-out-variable';
  const isCi =
    isSet(variables['CI']) || CI_VARIABLES.some((name) => (variables[name] ?? '') !== '');
  return isCi ? 'ci' : undefined;
}

/** Anything but nothing and a no: who misspells a yes still means it. */
function isSet(value: string | undefined): boolean {
  return !/^\s*(|0|false|no|off)\s*$/i.test(value ?? '');
}
