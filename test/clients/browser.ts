import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page, type Request } from 'playwright-core';
import { CHROMIUM } from '../client-kit/chromium.config.ts';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A request that the page's script made, and what became of it. */
export interface BrowserRequest {
  readonly method: string;
  readonly path: string;
  /** HTTP status; 0 when the script got no answer, or was not allowed to read it. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

export interface Browser {
  /** The only open page, at an address: what an earlier one left to be sent is sent before. */
  open(url: string): Promise<WatchedPage>;
  close(): Promise<void>;
}

export interface WatchedPage {
  readonly page: Page;
  /** Requests to one origin that were answered or failed, in this order. Preflights are the browser's own. */
  requestsTo(origin: string): readonly BrowserRequest[];
  /** Errors in the console, those of the network included, and exceptions that nobody caught. */
  readonly complaints: readonly string[];
}

function toBrowserRequest(request: Request, status: number): BrowserRequest {
  const { pathname, search } = new URL(request.url());
  return {
    method: request.method(),
    path: pathname + search,
    status,
    headers: request.headers(),
    body: request.postDataBuffer(),
  };
}

function watch(page: Page): WatchedPage {
  const ended: { readonly origin: string; readonly request: BrowserRequest }[] = [];
  const complaints: string[] = [];
  const keep = (request: Request, status: number): void => {
    const { origin } = new URL(request.url());
    ended.push({ origin, request: toBrowserRequest(request, status) });
  };
  // not at the end of the answer: a script that does not read it leaves that open
  page.on('response', (response) => keep(response.request(), response.status()));
  page.on('requestfailed', (request) => keep(request, 0));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
  });
  const requestsTo = (origin: string): BrowserRequest[] =>
    ended.filter((one) => one.origin === origin).map(({ request }) => request);
  return { page, requestsTo, complaints };
}

/** Starts Chromium with an empty profile, which is removed when it is closed. */
export async function startBrowser(): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'rollcall-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM ?? '',
    args: FLAGS,
  });
  return {
    open: async (url) => {
      const earlier = context.pages();
      const page = await context.newPage();
      for (const one of earlier) await one.close({ runBeforeUnload: false });
      const watched = watch(page);
      await page.goto(url);
      return watched;
    },
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
