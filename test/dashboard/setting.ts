import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { createApiKey } from '../../server/src/api-keys.ts';
import { openBrowser } from '../browser.ts';
import { openWorld, type World } from '../world.ts';

export const DESKTOP = { width: 1200, height: 900 };
/** For what is to be seen on a page, though the machine may be busy. */
const PATIENCE_MS = 120_000;
export const PHONE = { width: 360, height: 740 };

/** A real server, and a real browser in front of it. */
export interface Setting {
  readonly world: World;
  /** A browser's window of its own, without a session. */
  open(options?: BrowserContextOptions): Promise<Page>;
  /** One with a session, at a page behind the #. */
  openSignedIn(at?: string, options?: BrowserContextOptions): Promise<Page>;
  /** The API, as an operator's program uses it. */
  readonly post: (path: string, body: object) => Promise<Record<string, unknown>>;
}

interface Options {
  /** What happened before the tests. */
  readonly seed?: (setting: Setting) => Promise<void>;
  readonly startAt?: number;
}

/** For all tests of a file; whatever a page writes to its console, or throws, fails the test that made it. */
export function useDashboard({ seed, startAt }: Options = {}): Setting {
  let world: World | undefined;
  let browser: Browser | undefined;
  const faults: string[] = [];

  const setting: Setting = {
    get world() {
      if (world === undefined) throw new Error('The world is opened before the tests.');
      return world;
    },
    async open(options = {}) {
      if (browser === undefined) throw new Error('The browser is opened before the tests.');
      const context = await browser.newContext({
        viewport: DESKTOP,
        locale: 'en-GB',
        timezoneId: 'UTC',
        ...options,
      });
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => {
        // What the server refused is shown on the page as well; the browser notes it by itself.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          faults.push(message.text());
      });
      return page;
    },
    async openSignedIn(at = '#/', options = {}) {
      const page = await setting.open(options);
      await page.goto(`${setting.world.baseUrl}/${at}`);
      await signIn(page, setting.world.operatorKey);
      return page;
    },
    async post(path, body) {
      const response = await fetch(setting.world.baseUrl + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${setting.world.operatorKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return (await response.json()) as Record<string, unknown>;
    },
  };

  beforeAll(async () => {
    [world, browser] = await Promise.all([
      openWorld(undefined, startAt === undefined ? {} : { startAt }),
      openBrowser(),
    ]);
    await seed?.(setting);
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
    expect(faults.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });
  return setting;
}

export async function signIn(page: Page, apiKey: string): Promise<void> {
  await page.getByLabel('Operator API key').fill(apiKey);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

/** An operator key of another tenant, and what revokes it. */
export async function createApiKeyOf(
  { apiKeys }: World,
  tenant: string,
): Promise<{ readonly secret: string; revoke(): Promise<unknown> }> {
  const { secret, apiKey } = await createApiKey(apiKeys, { tenant, role: 'operator' });
  return { secret, revoke: () => apiKeys.revoke(apiKey.id) };
}

/** All that axe finds, one line each. */
export async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    }),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${String(target)} ${failureSummary ?? ''}`),
  );
}

/** By how many pixels the page is wider than its window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Once nothing on the page is still being loaded. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
}
