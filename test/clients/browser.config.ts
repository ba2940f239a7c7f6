import { existsSync } from 'node:fs';

/** Where Debian puts it. */
const DEBIAN = '/usr/bin/chromium';

/** The browser of the tests: what `CHROMIUM` names, else Debian's. */
export const chromiumPath = process.env['CHROMIUM'] || DEBIAN;

/** Whether there is a browser to test with. */
export const hasChromium = existsSync(chromiumPath);
