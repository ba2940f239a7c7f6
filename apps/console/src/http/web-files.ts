import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RollcallError } from '@rollcall/contracts-transport';

/** The built front end: one document, and files beside it that are named by what is in them. */
export class WebFiles {
  readonly assetsDir: string;
  readonly shell: string;

  /** @throws CFG_INVALID when it was not built. */
  constructor(dir: string) {
    this.assetsDir = join(dir, 'assets');
    try {
      this.shell = readFileSync(join(dir, 'index.html'), 'utf8');
    } catch (cause) {
      throw new RollcallError(
        'CFG_INVALID',
        'the pages are not built; run npm run build in apps/console, or set CONSOLE_WEB_DIR',
        { cause },
      );
    }
  }
}
