import axios from 'axios';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../browser.ts';
import { openSink, type Sink } from '../storm/sink.ts';
import { openWorld, type World } from '../world.ts';
import { openFormPage, type FormPage } from './form-page.ts';
import { runWith } from './runs.ts';

let browser: Browser;
let world: World;
let sink: Sink;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  [world, sink] = await Promise.all([openWorld(), openSink()]);
});
afterEach(async () => {
  await sink.close();
  await world.close();
});

const order = async (id: string): Promise<unknown> => {
  const headers = { 'x-github-delivery': id };
  return (await axios.post<unknown>(sink.url, {}, { headers, proxy: false })).data;
};

/** What people do who see nothing happen: click twice, and then once more after a reload. */
async function clickTwiceAndAgain(page: Page, form: FormPage): Promise<void> {
  await page.goto(form.url);
  await page.dblclick('button');
  await expectAnswered(page, form, 2);
  await page.reload();
  await page.click('button');
  await expectAnswered(page, form, 3);
}

async function expectAnswered(page: Page, form: FormPage, times: number): Promise<void> {
  while (form.answered < times) await page.waitForTimeout(20);
  expect(form.answered).toBe(times);
}

test.each([
  ['without the steps, three orders', false, 3],
  ['with them, one order', true, 1],
])('a form clicked twice and submitted again after a reload: %s', async (_name, guarded, orders) => {
  const seen = new Set<string>();
  const form = await openFormPage(({ submission }) => {
    seen.add(submission);
    const place = (): Promise<unknown> => order(submission);
    const event = { job: 'place-order', key: submission, while_in_progress: 'stop' };
    return guarded ? runWith(world, event, place) : place();
  });
  const page = await browser.newPage();
  try {
    await clickTwiceAndAgain(page, form);
  } finally {
    await page.close();
    await form.close();
  }
  expect(seen.size).toBe(1);
  expect([...sink.records.values()]).toEqual([orders]);
});
