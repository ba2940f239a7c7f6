/**
 * `node test/console/screenshots.ts <folder>`: every page of the console with sample data, wide and narrow, light and dark,
 * and what axe says of it. To be looked at by people.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PAGES, signIn, type ConsolePage } from './pages.ts';
import { startSampleConsole } from './sample-console.ts';
import { SIGHTS, startChromium, visit, type Sight } from './visits.ts';

const [folder = 'screenshots', events = '200000'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const sample = await startSampleConsole(Number(events));
const browser = await startChromium();

/** One page as one visitor sees it, and everything that is wrong with it. */
async function take(
  sight: Sight,
  { name, path, isSignedIn, complete }: ConsolePage,
): Promise<void> {
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
  const all = [...findings, ...width, ...visited.complaints, ...visited.foreign];
  console.log(file, all.join('; ') || 'ok');
  await visited.close();
}

try {
  for (const sight of SIGHTS) for (const page of PAGES) await take(sight, page);
} finally {
  await browser.close();
  await sample.stack.stop();
}
