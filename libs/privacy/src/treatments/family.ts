import Bowser from 'bowser';
import { WRONG_TYPE, WRONG_VALUE, type Treatment } from './treatment.ts';

/** Real user agents stay far below; the parser's regular expressions should not see more. */
const MAX_USER_AGENT_LENGTH = 512;

// The parser takes an unknown agent's first word for a browser's name, and that word may be anything (a mail address,
// say). Only names that the parser itself knows are used.
const BROWSERS = new Set(Object.values(Bowser.BROWSER_MAP));
const SYSTEMS = new Set(Object.values(Bowser.OS_MAP));
const OTHER = 'Other';

/** A user agent to the families of browser and operating system, `Firefox on Linux`; no version, no device. */
export function createFamily(): Treatment {
  return function family(value) {
    if (typeof value !== 'string') return WRONG_TYPE;
    if (value === '' || value.length > MAX_USER_AGENT_LENGTH) return WRONG_VALUE;
    const { browser, os } = Bowser.parse(value);
    return `${known(BROWSERS, browser.name)} on ${known(SYSTEMS, os.name)}`;
  };
}

function known(names: ReadonlySet<string>, name: string | undefined): string {
  return name !== undefined && names.has(name) ? name : OTHER;
}
