import axios from 'axios';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../browser.ts';
import { openSink, type Sink } from '../storm/sink.ts';
import { openWorld, type World } from '../world.ts';
import { openFormPage, type FormPage } from './form-page.ts';
import { runOn, STEPS } from './runs.ts';

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
  ['without the steps, three orders', undefined, 3],
  ...STEPS.map(([where, open]) => [`with them, on ${where}, one order`, open, 1] as const),
] as const)(
  'Forms: one clicked twice and submitted again after a reload: %s',
  async (_name, open, orders) => {
    const steps = await open?.(world);
    const seen = new Set<string>();
    const form = await openFormPage(({ submission }) => {
      seen.add(submission);
      const place = (): Promise<unknown> => order(submission);
      const event = { job: 'place-order', key: submission, while_in_progress: 'stop' };
      return steps === undefined ? place() : runOn(steps, event, place);
    });
    const page = await browser.newPage();
    page.setDefaultTimeout(120_000);
    try {
      await clickTwiceAndAgain(page, form);
    } finally {
      await page.close();
      await form.close();
      await steps?.close();
    }
    expect(seen.size).toBe(1);
    expect([...sink.records.values()]).toEqual([orders]);
  },
);
