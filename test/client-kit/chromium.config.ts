import { existsSync } from 'node:fs';

const path = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** The browser, `undefined` when there is none. `CHROMIUM` names another than Debian's. */
export const CHROMIUM: string | undefined = existsSync(path) ? path : undefined;
