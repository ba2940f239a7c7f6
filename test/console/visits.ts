import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { CHROMIUM } from '../client-kit/chromium.config.ts';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const HEIGHT = 900;

/** How a visitor looks at a page. */
export interface Sight {
  /** Pixels. */
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

/** A wide and a narrow screen, each in light and dark. */
export const SIGHTS: readonly Sight[] = [1280, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
);

/** A finding of axe: which rule, how bad, and where. */
export interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly targets: readonly string[];
}

export interface Visit {
  readonly page: Page;
  /** Errors in the console and exceptions that nobody caught. */
  readonly complaints: readonly string[];
  /** Addresses of other origins that were asked for anything. */
  readonly foreign: readonly string[];
  /** What axe finds serious or critical on what is open now. */
  findings(): Promise<readonly Finding[]>;
  /** Whether the page is wider than its window. */
  isTooWide(): Promise<boolean>;
  close(): Promise<void>;
}

/** Starts the browser of this machine. Close it at the end. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM ?? '', args: FLAGS });
}

/** Opens a page as a visitor with an empty profile. */
export async function visit(browser: Browser, origin: string, sight: Sight): Promise<Visit> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width: sight.width, height: HEIGHT },
    colorScheme: sight.scheme,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const foreign: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== origin) foreign.push(request.url());
  });
  return {
    page,
    complaints,
    foreign,
    findings: () => seriousFindings(page),
    isTooWide: () =>
      page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth'),
    close: () => context.close(),
  };
}

interface AxeViolation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}

async function seriousFindings(page: Page): Promise<readonly Finding[]> {
  // evaluated by the debugger, which no policy of the page stops
  await page.evaluate(readFileSync(AXE, 'utf8'));
  const violations = await page.evaluate<AxeViolation[]>(
    'axe.run(document).then((result) => result.violations)',
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => ({
      id,
      impact: impact ?? '',
      targets: nodes.map(({ target }) => target.join(' ')),
    }));
}
