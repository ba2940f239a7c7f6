import type { Page } from 'playwright-core';

/** A page of the console, and how it is known to be complete. */
export interface ConsolePage {
  readonly name: string;
  readonly path: string;
  readonly isSignedIn?: true;
  readonly complete: (page: Page) => Promise<void>;
}

/** A page of figures: all of them drawn, or said to be missing. */
async function drawn(page: Page): Promise<void> {
  await page.locator('section.figure').first().waitFor();
  await page.locator('section.figure').last().waitFor();
  for (const busy of await page.locator('[aria-busy=true]').all())
    await busy.waitFor({ state: 'detached' });
}

/** The operators' page, when the pipeline was asked for often enough to be drawn. */
async function piped(page: Page): Promise<void> {
  await page.getByRole('row', { name: /^sink ready \d/ }).waitFor();
}

/** Every page that people open. */
export const PAGES: readonly ConsolePage[] = [
  {
    name: 'home',
    path: '/',
    complete: async (page) => {
      await page.locator('.headline strong').last().waitFor();
    },
  },
  ...['sveltos', 'cozystack', 'kusk', 'glasskube', 'kamaji'].map((project) => ({
    name: project,
    path: `/projects/${project}`,
    complete: drawn,
  })),
  {
    name: 'privacy',
    path: '/projects/kusk/privacy',
    complete: async (page) => {
      await page.waitForSelector('h1');
    },
  },
  { name: 'operate', path: '/operate', isSignedIn: true, complete: piped },
];

/** Signs in as an operator, and waits for what is behind it. */
export async function signIn(page: Page, origin: string, token: string): Promise<void> {
  await page.goto(`${origin}/operate`);
  await page.getByLabel('Admin token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Pipeline' }).waitFor();
}
