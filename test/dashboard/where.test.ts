import { settled, useDashboard } from './setting.ts';

const setting = useDashboard();

const RUN = 'https://n8n.example.com/workflow/a1/executions/';

const at = (execution: number): object => ({
  origin: { platform: 'n8n', workflow: 'Order intake', url: RUN + String(execution) },
});

/** Eleven deliveries of an event that another run is at work on, half a second apart. */
async function deliverOften(key: string): Promise<string> {
  const lease = await setting.post('/v1/ai/lease', { key, ...at(1) });
  for (let execution = 2; execution <= 12; execution += 1) {
    setting.world.advance(500);
    await setting.post('/v1/ai/lease', { key, ...at(execution) });
  }
  return String(lease['lease_id']);
}

test('eleven duplicates are one line with the first and the last time, and each of them leads to its run', async () => {
  const key = 'orders:often';
  const lease_id = await deliverOften(key);
  await setting.post('/v1/ai/complete', { key, lease_id });
  const page = await setting.openSignedIn();
  await page
    .getByText('11 runs stopped before doing work twice in the last 30 days, 11 of them today.')
    .waitFor();
  const line = page.getByRole('listitem').filter({ hasText: '11 duplicates stopped' });
  expect(await line.innerText()).toMatch(
    /^orders:often\s+n8n · Order intake\s+11 duplicates stopped \d+ \w+, \d\d:\d\d:\d\d to \d\d:\d\d:\d\d$/,
  );
  const jobs = page.getByRole('table', { name: 'Runs stopped, by job and workflow' }).getByRole('row');
  expect(await jobs.nth(1).innerText()).toMatch(/^orders\s+n8n · Order intake\s+11$/);

  await line.getByRole('link', { name: key }).click();
  const entries = page.getByRole('region', { name: 'History' }).locator('.history > li');
  await entries.first().waitFor();
  expect(await entries.count()).toBe(3);
  await entries.nth(1).getByText('Show each').click();
  const links = entries.nth(1).getByRole('link', { name: 'Open the run at n8n.example.com' });
  expect(await links.count()).toBe(11);
  const first = entries.nth(2).getByRole('link');
  expect(await first.getAttribute('href')).toBe(`${RUN}1`);
  expect(await first.getAttribute('rel')).toBe('noopener noreferrer');
  expect(await first.getAttribute('target')).toBe('_blank');
});

test('different keys of one job at one place are one line, which leads to them', async () => {
  for (const key of ['batch:1', 'batch:2', 'batch:3']) await setting.post('/v1/ai/lease', { key, ...at(9) });
  const page = await setting.openSignedIn();
  const line = page.getByRole('listitem').filter({ hasText: '3 claimed' });
  await line.getByRole('link', { name: 'batch:… (3 keys)' }).click();
  await page.getByRole('link', { name: 'batch:2' }).waitFor();
  const row = page.getByRole('row').filter({ hasText: 'batch:2' });
  expect(await row.innerText()).toContain('n8n · Order intake Open the run at n8n.example.com');
});

test('an address of another scheme is no link, even if a server let it through', async () => {
  await setting.post('/v1/ai/lease', { key: 'bad:1', ...at(1) });
  const page = await setting.openSignedIn();
  await page.route('**/v1/events?key=*', async (route) => {
    const answer = await (await route.fetch()).text();
    await route.fulfill({
      contentType: 'application/json',
      body: answer.replaceAll(RUN, 'javascript:alert(1)//'),
    });
  });
  await page.goto(`${setting.world.baseUrl}/#/keys/bad%3A1`);
  // The first page, which says so too, may still be there.
  const history = page.getByRole('region', { name: 'History' });
  await history.getByText('n8n · Order intake').first().waitFor();
  expect(await history.getByRole('link').count()).toBe(0);
});

test('what failed, was given up or hangs waits on the first page with what to do, until it is done', async () => {
  const { post, world } = setting;
  const fail = async (key: string, more: object = {}): Promise<void> => {
    const { lease_id } = await post('/v1/ai/lease', { key, ...at(3), ...more });
    await post('/v1/ai/fail', { key, lease_id, error_code: 'card declined', retryable: true });
  };
  await fail('jobs:failed');
  await fail('jobs:given up', { max_attempts: 1 });
  await post('/v1/ai/lease', { key: 'jobs:given up' });
  await post('/v1/ai/lease', { key: 'jobs:hangs', ttl: 60, ...at(4) });
  world.advance(61_000);
  const page = await setting.openSignedIn();
  await settled(page);
  const tasks = page.getByRole('region', { name: '3 keys wait for you' }).locator('.asks > li');
  await tasks.nth(2).waitFor();
  const told = (await tasks.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ')).sort();
  expect(told).toEqual([
    expect.stringMatching(/^jobs:failed Failed .*n8n · Order intake .*Error: card declined .*replay the run/),
    expect.stringMatching(/^jobs:given up Given up .*Error: card declined No attempts are left/),
    expect.stringMatching(/^jobs:hangs Run died .*n8n · Order intake .*No other run has taken over yet/),
  ]);
  for (const key of ['jobs:failed', 'jobs:given up', 'jobs:hangs']) {
    await page.getByRole('button', { name: `It failed for ${key}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'It failed' }).click();
    await page.getByText(`“${key}” was marked as failed.`).waitFor();
  }
  // The second where more has failed or died before than the page looks at.
  await page.getByText(/^No key (waits for your decision|that was looked at waits for you)\./).waitFor();
});

test('the first page says “nothing to do” only where it has looked at all', async () => {
  const { post, world } = setting;
  const fail = async (key: string): Promise<void> => {
    const { lease_id } = await post('/v1/ai/lease', { key });
    await post('/v1/ai/fail', { key, lease_id, error_code: 'timeout', retryable: true });
    world.advance(1_000);
  };
  const complete = async (key: string): Promise<void> => {
    const { lease_id } = await post('/v1/ai/lease', { key });
    await post('/v1/ai/complete', { key, lease_id });
  };
  const keys = ['older', 'a', 'b', 'c', 'd', 'e'].map((name) => `look:${name}`);
  for (const key of keys) await fail(key);
  const page = await setting.openSignedIn();
  // Three are shown, and six have failed.
  await page.getByRole('heading', { name: 'At least 3 keys wait for you' }).waitFor();
  for (const key of keys.slice(1)) await complete(key);
  await page.reload();
  await page.getByRole('heading', { name: 'Nothing new to do' }).waitFor();
  await page
    .getByText('No key that was looked at waits for you. Older ones were not looked at here.')
    .waitFor();
  expect(await page.getByText('No work has failed').count()).toBe(0);
  await page.getByRole('link', { name: 'All keys that failed' }).click();
  await page.getByRole('link', { name: 'look:older' }).waitFor();
  await post('/v1/ai/lease', { key: 'look:hangs', ttl: 1 });
  await post('/v1/ai/lease', { key: 'look:at work' });
  world.advance(1_000);
  await page.goBack();
  await page.getByRole('link', { name: 'All keys whose run died' }).click();
  await page.getByRole('row', { name: /^look:hangs Run died/ }).waitFor();
  expect(await page.getByRole('link', { name: 'look:at work' }).count()).toBe(0);
});

test('a first page that cannot be read does not say that there is nothing to do', async () => {
  const page = await setting.openSignedIn();
  await page.route('**/v1/keys?*', (route) => route.fulfill({ status: 503, body: '{}' }));
  await page.reload();
  await page.getByRole('heading', { name: 'What waits for you' }).waitFor();
  await page.getByText('The store does not answer now.').first().waitFor();
  expect(await page.getByText('Nothing to do').count()).toBe(0);
});
