import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page, Request } from 'playwright-core';
import { MONTH_START, playMonth } from './month.ts';
import { DESKTOP, faultsOf, overflowOf, PHONE, settled, useDashboard } from './setting.ts';

const setting = useDashboard({ seed: playMonth, startAt: MONTH_START });

const ASKING = '#/keys/charge%20card%3Ach_3PqX81';
const DONE = '#/keys/notify%20Slack%3Amsg_881';

/** Every page, and how it is had from a session. */
const PAGES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'the overview': (page) => go(page, '#/'),
  'the table of days': async (page) => {
    await go(page, '#/');
    await page.getByText('Show the days as a table').click();
    await page.getByRole('columnheader', { name: 'Taken over' }).waitFor();
  },
  'the keys': (page) => go(page, '#/keys'),
  'no key that fits': async (page) => {
    await go(page, '#/keys?prefix=nothing');
    await page.getByText('No key matches.').waitFor();
  },
  'a key that asks': (page) => go(page, ASKING),
  'a key that is done': (page) => go(page, DONE),
  'a key that is none': (page) => go(page, '#/keys/nobody'),
  'a question': async (page) => {
    await go(page, ASKING);
    await page.getByRole('button', { name: 'It was done' }).click();
    await page.getByRole('dialog').waitFor();
  },
};

async function go(page: Page, at: string): Promise<void> {
  await page.goto(`${setting.world.baseUrl}/${at}`);
  await page.reload();
  await settled(page);
}

const LOOKS: readonly (readonly [name: string, options: BrowserContextOptions])[] = [
  ['light, on a desktop', { viewport: DESKTOP, colorScheme: 'light' }],
  ['dark, on a desktop', { viewport: DESKTOP, colorScheme: 'dark' }],
  ['light, on a phone', { viewport: PHONE, colorScheme: 'light' }],
  ['dark, on a phone', { viewport: PHONE, colorScheme: 'dark' }],
];

test.each(LOOKS)('axe finds nothing, and nothing is wider than the window: %s', async (_, options) => {
  const page = await setting.open(options);
  await page.goto(setting.world.baseUrl);
  await page.getByLabel('Operator API key').waitFor();
  expect([await faultsOf(page), await overflowOf(page)]).toEqual([[], 0]);
  const inside = await setting.openSignedIn('#/', options);
  for (const [name, show] of Object.entries(PAGES)) {
    await show(inside);
    expect([name, await faultsOf(inside), await overflowOf(inside)]).toEqual([name, [], 0]);
  }
});

test('all pages together are under 80 KB, all of it from this server', async () => {
  const page = await setting.open();
  // Asked for their sizes at the end: one that finishes while the page closes has none.
  const requests: Request[] = [];
  page.on('requestfinished', (request) => requests.push(request));
  await page.goto(setting.world.baseUrl);
  await page.getByLabel('Operator API key').fill(setting.world.operatorKey);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Keys', exact: true }).click();
  const table = page.getByRole('table', { name: /^Keys/ });
  await table.getByRole('link', { name: 'charge card:ch_3PqX81' }).click();
  await page.getByRole('heading', { name: 'History' }).waitFor();
  // Once each: a page that brings itself up to date asks again, the longer the slower the machine is.
  const each = new Map(requests.map((request) => [request.url(), request]));
  const sizes = await Promise.all([...each.values()].map((request) => request.sizes()));
  const bytes = sizes.reduce((sum, size) => sum + size.responseBodySize + size.responseHeadersSize, 0);
  const urls = [...each.keys()];
  expect(urls.length).toBeGreaterThan(8);
  expect(urls.filter((url) => !url.startsWith(`${setting.world.baseUrl}/`))).toEqual([]);
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThan(80 * 1024);
});

test('the charts say in words what they show, and the table has every day', async () => {
  const page = await setting.openSignedIn();
  const chart = page.getByRole('img', {
    name: /^Duplicates stopped by day, from 27 Oct to 25 Nov: at most \d+, on \d+ Nov\.$/,
  });
  await chart.waitFor();
  expect(await chart.locator('rect').count()).toBe(30);
  await page.getByText('Show the days as a table').click();
  const rows = page.getByRole('table', { name: /by day/ }).getByRole('row');
  expect(await rows.count()).toBe(31);
  expect(await rows.nth(1).innerText()).toMatch(/^25 Nov\s+\d+\s+\d+\s+1\s+\d+\s+0$/);
  const jobs = page.getByRole('table', { name: 'Runs stopped, by job and workflow' }).getByRole('row');
  expect(await jobs.nth(1).innerText()).toMatch(/^send invoice\s+n8n · Invoices\s+\d+$/);
});

const DOCS = join(import.meta.dirname, '../../docs');
const WINDOW = { width: 1120, height: 1000 };

/** The README's pictures; drawn anew only where that is asked for, so that a run of the tests changes no file. */
const PICTURES: readonly (readonly [name: string, at: string, options: BrowserContextOptions])[] = [
  ['dashboard-light.png', '#/', { viewport: WINDOW }],
  ['dashboard-dark.png', '#/', { viewport: WINDOW, colorScheme: 'dark' }],
];

test.each(PICTURES)('%s shows the page', async (name, at, options) => {
  const path = join(DOCS, name);
  if (process.env['ONCEONLY_RENEW_PICTURES'] === '1' || !existsSync(path)) {
    const page = await setting.openSignedIn(at, options);
    await settled(page);
    await page.screenshot({ path });
  }
  expect(statSync(path).size).toBeLessThan(150_000);
});
