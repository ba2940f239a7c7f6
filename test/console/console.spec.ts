import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CHROMIUM } from '../client-kit/chromium.config.ts';
import { ask } from '../replay/analyst.ts';
import { PAGES, signIn } from './pages.ts';
import { startSampleConsole, type SampleConsole } from './sample-console.ts';
import { SIGHTS, startChromium, visit, type Sight, type Visit } from './visits.ts';

const reason = CHROMIUM ? '' : ' (left out: there is no Chromium here; CHROMIUM names one)';
const [WIDE] = SIGHTS as [Sight];
/** One of each kind; `screenshots.ts` goes through all of them. */
const KINDS = PAGES.filter(({ name }) =>
  ['home', 'cozystack', 'privacy', 'operate'].includes(name),
);

describe.skipIf(CHROMIUM === undefined)(`the console in a browser${reason}`, () => {
  const catalogueDir = mkdtempSync(join(tmpdir(), 'rollcall-console-catalogue-'));
  let sample: SampleConsole;
  let browser: Browser;
  beforeAll(async () => {
    cpSync(join(import.meta.dirname, '../../catalogue'), catalogueDir, { recursive: true });
    sample = await startSampleConsole(60_000, catalogueDir);
    browser = await startChromium();
  }, 300_000);
  afterAll(async () => {
    await browser.close();
    await sample.stack.stop();
    rmSync(catalogueDir, { recursive: true, force: true });
  });

  async function visited(sight: Sight, look: (one: Visit) => Promise<void>): Promise<void> {
    const one = await visit(browser, sample.url, sight);
    try {
      await look(one);
      expect(one.complaints).toEqual([]);
      expect(one.foreign).toEqual([]);
    } finally {
      await one.close();
    }
  }

  test.each(SIGHTS)(
    'has pages without serious findings, complaints or foreign requests, at $width in $scheme',
    async (sight) => {
      for (const { path, isSignedIn, complete } of KINDS)
        await visited(sight, async (one) => {
          if (isSignedIn) await signIn(one.page, sample.url, sample.token);
          await one.page.goto(sample.url + path);
          await complete(one.page);
          expect([path, await one.findings()]).toEqual([path, []]);
          expect([path, await one.isTooWide()]).toEqual([path, false]);
        });
    },
  );

  test('leads a visitor from the projects to a figure, its meaning, its query, its table and its files', async () => {
    await visited(WIDE, async ({ page }) => {
      await page.goto(sample.url);
      await page.getByRole('link', { name: 'Kusk Gateway', exact: true }).click();
      await page.getByRole('heading', { name: 'Active installations' }).waitFor();
      const section = page.locator('section', {
        has: page.getByRole('heading', { name: 'Active installations' }),
      });
      await section.locator('canvas').waitFor();
      await section.getByText('What is counted').click();
      expect(await section.innerText()).toContain('No count below 5 is told');
      await section.getByText('The query').click();
      expect(await section.locator('pre').innerText()).toContain('FROM rollcall.daily_active');
      await section.getByText('As a table').click();
      await section.getByRole('cell').first().waitFor();
      const csv = await section.getByRole('link', { name: 'CSV' }).getAttribute('href');
      const answer = await fetch(sample.url + csv);
      expect((await answer.text()).split('\r\n')[0]).toBe('day,installations');
      expect(await page.locator('.ladder li').count()).toBe(7);
      await page.getByRole('link', { name: 'What is collected' }).first().click();
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(page.url()).toContain('/projects/kusk/privacy');
      const form = page.getByRole('link', { name: 'To the form for erasure' });
      const gateway = sample.stack.urlOf('gateway');
      expect(await form.getAttribute('href')).toBe(`${gateway}/p/kusk/privacy`);
      expect(await (await fetch(`${gateway}/p/kusk/privacy`)).text()).toContain('Erase its data');
    });
  });

  test('takes a visitor there by the keyboard alone', async () => {
    await visited(WIDE, async ({ page }) => {
      await page.goto(sample.url);
      await page.getByRole('link', { name: 'Kusk Gateway', exact: true }).waitFor();
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
      for (let presses = 0; presses < 30; presses += 1) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate('document.activeElement.textContent')) === 'Kusk Gateway') break;
      }
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Active installations' }).waitFor();
    });
  });

  test('lets an operator in by the token, shows the pipeline and runs a query, and lets them out', async () => {
    const one = await visit(browser, sample.url, WIDE);
    const { page } = one;
    await page.goto(`${sample.url}/operate`);
    await page.getByLabel('Admin token').fill('not the token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The admin token is missing or not known').waitFor();
    await signIn(page, sample.url, sample.token);
    await page.getByRole('row', { name: /^gateway ready/ }).waitFor();
    await page.getByRole('row', { name: /^sink ready/ }).waitFor();
    await page.getByLabel('Project', { exact: true }).selectOption('Kamaji');
    const declared = page.getByRole('region', { name: 'Declared events and fields' });
    await declared.getByRole('row', { name: /^tenant_control_plane\.running keep/ }).waitFor();
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText(/rows read\.$/).waitFor();
    await page.getByRole('img', { name: 'The result over time' }).waitFor();
    await page.getByLabel('SQL, with the rights of the analyst').fill('DROP TABLE events');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('ClickHouse refused the query').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Admin token').waitFor();
    // the browser tells of each answer that is no success: the wrong token, and the query that was refused
    expect(one.complaints).toHaveLength(2);
    expect(one.complaints.filter((text) => !/status of 40[01]/.test(text))).toEqual([]);
    expect(one.foreign).toEqual([]);
    await one.close();
  });

  /** Sends an event that the anonymizer's catalogue lacks, and mends the catalogue once it was refused. */
  async function refuseAndMend(version: string): Promise<void> {
    const { stack } = sample;
    const file = join(catalogueDir, 'kamaji.yaml');
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.replace('\n  stats:\n', '\n  another:\n'));
    await stack.process('anonymizer').restart();
    const body = { uuid: 'replayed', kamaji_version: version, kubernetes_version: 'v1.33.1' };
    const sent = await fetch(`${stack.urlOf('gateway')}/p/kamaji/stats`, {
      method: 'POST',
      body: JSON.stringify({ ...body, running: 1 }),
    });
    expect(sent.status).toBe(200);
    const refused = "SELECT count() AS n FROM rollcall.rejections WHERE code = 'AN_EVENT_UNKNOWN'";
    await vi.waitFor(async () => expect(await countOf(refused)).toBe(1), 30_000);
    writeFileSync(file, whole);
    await stack.process('anonymizer').restart();
  }

  async function countOf(query: string): Promise<number> {
    const { backends, credentials } = sample.stack;
    const access = { url: backends.clickhouse.url, login: credentials.clickhouse.analyst };
    return Number((await ask<{ n: number }>(access, query))[0]?.n);
  }

  test('lets an operator try and replay by the keyboard what a catalogue had refused, and it counts once', async () => {
    await refuseAndMend('v1.98.7');
    const rows = "SELECT count() AS n FROM rollcall.events FINAL WHERE app_version = 'v1.98.7'";
    const latest = "SELECT max(raw_offset) AS n FROM rollcall.events WHERE app_version = 'v1.98.7'";
    await visited(WIDE, async ({ page, findings }) => {
      await signIn(page, sample.url, sample.token);
      const row = page.getByRole('row', { name: /AN_EVENT_UNKNOWN/ });
      const told = row.getByRole('status');
      await row.getByRole('button', { name: 'Try AN_EVENT_UNKNOWN of kamaji' }).focus();
      await page.keyboard.press('Enter');
      await told.getByText('Tried: 1 line of 1 record would be sent again.').waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      const question = row.getByRole('group', { name: 'Replay AN_EVENT_UNKNOWN of kamaji?' });
      await question.waitFor();
      expect(await findings()).toEqual([]);
      await page.keyboard.press('Escape');
      await question.waitFor({ state: 'detached' });
      expect(await countOf(rows)).toBe(0);
      for (const time of ['first', 'second']) {
        const before = await countOf(latest);
        await page.keyboard.press('Enter');
        await question.waitFor();
        await page.keyboard.press('Shift+Tab');
        await page.keyboard.press('Enter');
        await told.getByText('Replayed: 1 line of 1 record sent again.').waitFor();
        await vi.waitFor(async () => expect(await countOf(latest)).toBeGreaterThan(before), 30_000);
        expect([time, await countOf(rows)]).toEqual([time, 1]);
      }
    });
  });

  test('tells how a replay ended although a question for the table failed meanwhile', async () => {
    const one = await visit(browser, sample.url, WIDE);
    const { page } = one;
    await signIn(page, sample.url, sample.token);
    const row = page.getByRole('row', { name: /AN_EVENT_UNKNOWN/ });
    const failed = Promise.withResolvers<undefined>();
    await page.route(/api\/replays/, async (route) => {
      await failed.promise;
      await route.fulfill({ body: 'no JSON' });
    });
    await row.getByRole('button', { name: 'Try AN_EVENT_UNKNOWN of kamaji' }).click();
    const problem = { code: 'CO_STORE_AWAY', title: 'planted', detail: 'planted' };
    await page.route(/api\/rejections/, (route) => route.fulfill({ status: 503, json: problem }));
    await page.getByRole('alert').getByText('planted').waitFor();
    failed.resolve(undefined);
    await row.getByText(/^Stopped after 0 lines .* The answer cannot be read\.$/).waitFor();
    await one.close();
  });

  test('says on its pages that ClickHouse is away, and keeps their shape', async () => {
    await sample.stack.process('clickhouse').stop();
    await sample.stack.process('console').restart();
    const one = await visit(browser, sample.url, WIDE);
    await one.page.goto(`${sample.url}/projects/kusk`);
    await one.page.getByText('The figures cannot be asked for just now').first().waitFor();
    expect(await one.page.locator('section.figure').count()).toBe(8);
    expect(await one.page.getByText('The query').count()).toBe(6);
    await one.close();
    await sample.stack.process('clickhouse').start();
  });
});
