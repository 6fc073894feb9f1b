import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../browser.ts';
import { OWNER } from '../n8n/rest.ts';
import { useN8n } from '../n8n/setting.ts';
import { template } from '../n8n/templates.ts';

/** The pictures of the guides, which are taken anew where RENEW_PICTURES is set. */
const FOLDER = join(import.meta.dirname, '../../docs/guides/img');
const LARGEST = 150_000;

/** Not published, and without its note: the editor then shows the recipe alone. */
const setting = useN8n({
  workflows: () => {
    const recipe = template('stripe-one-fulfilment', 'https://example.com/orders');
    const nodes = recipe.nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote');
    return [{ ...recipe, nodes, active: false }];
  },
});

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
  page = await browser.newPage({ viewport: { width: 1_280, height: 460 } });
  page.setDefaultTimeout(120_000);
});
afterAll(() => browser.close());

async function expectPicture(name: string): Promise<void> {
  const png = await page.screenshot({ animations: 'disabled' });
  expect(png.byteLength).toBeLessThan(LARGEST);
  if (process.env['RENEW_PICTURES'] !== undefined) await writeFile(join(FOLDER, name), png);
}

test('the recipe in the editor of n8n: its canvas, and the panel of the node', async () => {
  const { url } = setting.n8n;
  await page.goto(`${url}/signin`);
  await page.getByLabel('Email').fill(OWNER.email);
  await page.getByLabel('Password').fill(OWNER.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/home|workflow/);
  await page.goto(`${url}/workflow/stripe-one-fulfilment`);
  const node = page.locator('[data-test-id="canvas-node"]', { hasText: 'Check & Claim Key' }).first();
  await node.waitFor();
  // The icons of the nodes come last.
  await page.waitForLoadState('networkidle');
  await expectPicture('n8n-canvas.png');

  await page.setViewportSize({ width: 1_280, height: 800 });
  await node.dblclick();
  const panel = page.locator('[data-test-id="node-parameters"]');
  await panel.getByText('Job Name').waitFor();
  await panel.getByText('When It Is a Duplicate').waitFor();
  await expectPicture('n8n-check-and-claim-key.png');
});

test.each(['duplicates', 'idempotent', 'already processed', 'unique'])(
  'whoever types “%s” into the editor’s search finds the node',
  async (typed) => {
    await page.goto(`${setting.n8n.url}/workflow/stripe-one-fulfilment`);
    await page.locator('[data-test-id="canvas-node"]').first().waitFor();
    await page.locator('[data-test-id="node-creator-plus-button"]').click();
    await page.locator('[data-test-id="node-creator-search-bar"]').fill(typed);
    const found = page.locator('[data-test-id="node-creator-item-name"]', { hasText: 'OnceOnly' });
    await found.first().waitFor();
    expect(await found.first().isVisible()).toBe(true);
  },
);
