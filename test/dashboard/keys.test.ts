import type { Page } from 'playwright-core';
import { settled, signIn, useDashboard, type Setting } from './setting.ts';

const MANY = 20_000;
const A_BATCH = 500;
/** Within this time a browser draws, and what waits for that is done. */
const A_FRAME_MS = 200;

async function claimMany({ post }: Setting): Promise<void> {
  for (let from = 0; from < MANY; from += A_BATCH) {
    const items = Array.from({ length: A_BATCH }, (_, index) => ({ key: keyOf(from + index) }));
    await post('/v1/ai/lease/batch', { items });
  }
  // The last of all that a look from the front comes to.
  const lease = await post('/v1/ai/lease', { key: 'zebra:1' });
  await post('/v1/ai/complete', { key: 'zebra:1', lease_id: lease['lease_id'], result: { stripes: 3 } });
}

const keyOf = (index: number): string => `orders:${String(index).padStart(6, '0')}`;

const setting = useDashboard({ seed: claimMany });

const rows = (page: Page) => page.getByRole('row').filter({ hasNot: page.getByRole('columnheader') });

const keysOf = async (page: Page): Promise<readonly string[]> => {
  await settled(page);
  return rows(page).getByRole('rowheader').allInnerTexts();
};

test('twenty thousand keys are paged through, on and back, none shown twice', async () => {
  const page = await setting.openSignedIn('#/keys');
  const seen: string[] = [];
  for (let number = 1; number <= 4; number += 1) {
    await page.getByText(`Page ${number}`, { exact: true }).waitFor();
    seen.push(...(await keysOf(page)));
    await page.getByRole('button', { name: 'Next' }).click();
  }
  expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => keyOf(index)));
  await page.getByText('Page 5').waitFor();
  await page.getByRole('button', { name: 'Previous' }).click();
  await page.getByText('Page 4').waitFor();
  expect(await keysOf(page)).toEqual(seen.slice(75));
});

test('no keys of one page stand under the number of another, not for a moment', async () => {
  const page = await setting.openSignedIn('#/keys');
  await page.getByText('Page 1', { exact: true }).waitFor();
  await settled(page);
  // Looked at with every change of the page, as nobody is quick enough to.
  const shown = await page.evaluate<readonly string[]>(`new Promise((resolve) => {
    const seen = new Set();
    const observer = new MutationObserver(() => {
      if (document.querySelector('.pages span').textContent !== 'Page 2') return;
      const first = document.querySelector('tbody th')?.textContent ?? 'nothing';
      seen.add(first);
      if (first === 'nothing' || seen.size === 1) return;
      observer.disconnect();
      resolve([...seen]);
    });
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Next').click();
  })`);
  const [first] = await keysOf(page);
  expect(shown).toEqual(['nothing', first]);
});

test('search finds keys by how they begin, and a page can be sent to a colleague', async () => {
  const page = await setting.openSignedIn('#/keys');
  await page.getByLabel('Key begins with').fill('orders:01999');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'orders:019990' }).waitFor();
  expect(await keysOf(page)).toEqual(Array.from({ length: 10 }, (_, index) => keyOf(19_990 + index)));
  await page.reload();
  expect(await keysOf(page)).toHaveLength(10);
  expect(await page.getByLabel('Key begins with').inputValue()).toBe('orders:01999');
});

test('who types as soon as the page stands loses neither what is typed nor the place', async () => {
  const page = await setting.open();
  // Typed in the very moment that the field is there, as a slow machine makes it happen to a person.
  await page.addInitScript(`new MutationObserver((_, observer) => {
    const field = document.querySelector('#prefix');
    if (!field) return;
    observer.disconnect();
    field.focus();
    field.value = 'orders:01999';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }).observe(document, { childList: true, subtree: true })`);
  await page.goto(`${setting.world.baseUrl}/#/keys`);
  await signIn(page, setting.world.operatorKey);
  await page.getByRole('link', { name: keyOf(0) }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'orders:019990' }).waitFor();
  expect(await page.getByLabel('Key begins with').inputValue()).toBe('orders:01999');
});

test('a status that one key of all has is found', async () => {
  const page = await setting.openSignedIn('#/keys');
  await page.getByLabel('Status').selectOption('Completed');
  await page.getByRole('link', { name: 'zebra:1' }).waitFor();
  expect(await keysOf(page)).toEqual(['zebra:1']);
  await page.getByLabel('Status').selectOption('Asks for you');
  await page.getByText('No key matches.').waitFor();
});

test('the table brings itself up to date, and rests while nobody sees it', async () => {
  const page = await setting.open();
  // Nothing of the page's time passes by itself: however slow the machine is, it does not look before it is told to.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.goto(`${setting.world.baseUrl}/#/keys?prefix=updates`);
  await page.clock.runFor(A_FRAME_MS);
  await page.getByLabel('Operator API key').fill(setting.world.operatorKey);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Keys', level: 1 }).waitFor();
  await page.clock.runFor(A_FRAME_MS);
  await page.getByText('No key matches.').waitFor();
  let asked = 0;
  page.on('request', () => (asked += 1));
  await setting.post('/v1/ai/lease', { key: 'updates:1' });
  await page.clock.runFor(4_000);
  expect(asked).toBe(0);
  await page.clock.runFor(1_000);
  await page.getByRole('link', { name: 'updates:1' }).waitFor();
  expect(asked).toBe(1);

  const show = (hidden: boolean): Promise<unknown> =>
    // A browser without windows has no other tab to go to.
    page.evaluate((value) => {
      const { document } = globalThis as unknown as { document: EventTarget };
      Object.defineProperty(document, 'hidden', { configurable: true, value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await show(true);
  await page.clock.runFor(600_000);
  expect(asked).toBe(1);
  await setting.post('/v1/ai/lease', { key: 'updates:2' });
  await show(false);
  await page.getByRole('link', { name: 'updates:2' }).waitFor();
  expect(asked).toBe(2);
});
