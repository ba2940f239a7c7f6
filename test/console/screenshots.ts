/**
 * `node test/console/screenshots.ts <folder>`: every page of the console with sample data, wide and narrow, light and dark,
 * and what axe says of it. To be looked at by people.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES, signIn } from './pages.ts';
import { startSampleConsole } from './sample-console.ts';
import { SIGHTS, startChromium, visit } from './visits.ts';

const [folder = 'screenshots', events = '200000'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const sample = await startSampleConsole(Number(events));
const browser = await startChromium();
try {
  for (const sight of SIGHTS)
    for (const { name, path, isSignedIn, complete } of PAGES) {
      const visited = await visit(browser, sample.url, sight);
      if (isSignedIn) await signIn(visited.page, sample.url, sample.token);
      await visited.page.goto(sample.url + path);
      await complete(visited.page);
      const file = join(folder, `${name}-${sight.width}-${sight.scheme}.png`);
      await visited.page.screenshot({ path: file, fullPage: true });
      const findings = (await visited.findings()).map(
        ({ id, targets }) => `${id}: ${targets.join(', ')}`,
      );
      const width = (await visited.isTooWide()) ? ['wider than its window'] : [];
      console.log(
        file,
        [...findings, ...width, ...visited.complaints, ...visited.foreign].join('; ') || 'ok',
      );
      await visited.close();
    }
} finally {
  await browser.close();
  await sample.stack.stop();
}
