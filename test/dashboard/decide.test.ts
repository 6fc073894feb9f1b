import type { Page } from 'playwright-core';
import { settled, useDashboard } from './setting.ts';

const setting = useDashboard();

/** The second of these where five runs were told to have died: how many were depends on how fast each was decided about. */
const ALL_CLEAR = /^No key (waits for your decision|that was looked at waits for you)\./;

/** A key whose run died, and that nobody may take over; answers the record's version. */
async function ask(key: string): Promise<number> {
  const lease = await setting.post('/v1/ai/lease', { key, run: 'zap-1', ttl: 1, on_expired: 'block' });
  setting.world.advance(2_000);
  await setting.post('/v1/ai/lease', { key, run: 'zap-2' });
  return Number(lease['version']);
}

async function statusOf(key: string): Promise<unknown> {
  const query = new URLSearchParams({ key }).toString();
  const headers = { authorization: `Bearer ${setting.world.apiKey}` };
  const response = await fetch(`${setting.world.baseUrl}/v1/ai/status?${query}`, { headers });
  const { status } = (await response.json()) as { status?: string };
  return status;
}

const focused = (page: Page): Promise<string> =>
  page.evaluate(
    'document.activeElement.closest("dialog") ? "in the dialog" : document.activeElement.textContent',
  );

test('a key that waits is resolved with the keyboard alone', async () => {
  await ask('jobs:by keyboard');
  const page = await setting.openSignedIn();
  await page.getByRole('heading', { name: '1 key waits for you' }).waitFor();
  await settled(page);
  await page.getByRole('heading', { name: 'Overview' }).focus();
  // The key's link comes first.
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('jobs:by keyboard');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('It was done for jobs:by keyboard');
  expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');

  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Was the work done?' }).waitFor();
  // Behind the dialog nothing can be reached; the browser's own bar is a stop of the round.
  for (let press = 0; press < 8; press += 1) {
    expect(['in the dialog', await page.evaluate('document.body.textContent')]).toContain(
      await focused(page),
    );
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Escape');
  expect(await focused(page)).toBe('It was done for jobs:by keyboard');
  expect(await statusOf('jobs:by keyboard')).toBe('in_progress');

  await page.keyboard.press('Enter');
  await page.getByLabel('Note').fill('the invoice is there');
  await page.keyboard.press('Enter');
  await page.getByText('“jobs:by keyboard” was marked as completed.').waitFor();
  await page.getByText(ALL_CLEAR).waitFor();
  expect(await statusOf('jobs:by keyboard')).toBe('completed');
  await page.goto(`${setting.world.baseUrl}/#/keys/jobs%3Aby%20keyboard`);
  await page.getByText('completed by hand: the invoice is there').waitFor();
});

test('asked again in the moment in which the dialog closes, it asks', async () => {
  await ask('jobs:in a hurry');
  const page = await setting.openSignedIn('#/keys/jobs%3Ain%20a%20hurry');
  await page.getByRole('button', { name: 'It failed for jobs:in a hurry' }).click();
  await page.getByRole('dialog', { name: 'Did the work fail for good?' }).waitFor();
  // The browser tells later that a dialog was closed; a person, or a busy machine, may be faster.
  await page.evaluate(
    'document.querySelector("dialog").close(); document.querySelector(".choices button").click()',
  );
  await page.getByLabel('Note').fill('the invoice is there');
  await page.getByRole('dialog').getByRole('button', { name: 'It was done' }).click();
  await page.getByText('“jobs:in a hurry” was marked as completed.').waitFor();
  expect(await statusOf('jobs:in a hurry')).toBe('completed');
});

test('a decision that fails after its dialog was closed is told to have failed', async () => {
  await ask('jobs:impatient');
  const page = await setting.openSignedIn('#/keys/jobs%3Aimpatient');
  const closed = Promise.withResolvers<undefined>();
  await page.route('**/v1/keys/resolve', async (route) => {
    await closed.promise;
    await route.fulfill({ status: 503, body: '{}' });
  });
  await page.getByRole('button', { name: 'It failed for jobs:impatient' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'It failed' }).click();
  await page.getByText('Saving …').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  closed.resolve(undefined);
  await page
    .getByText('Perhaps “jobs:impatient” was decided, perhaps not. The store does not answer now.', {
      exact: true,
    })
    .waitFor();
  expect(await statusOf('jobs:impatient')).toBe('in_progress');
  await page.getByRole('button', { name: 'It failed for jobs:impatient' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'It failed' }).click();
  await page
    .getByText(
      'The store does not answer now. Perhaps it was decided. You can try again: nothing is decided twice.',
      { exact: true },
    )
    .waitFor();
  await page.unroute('**/v1/keys/resolve');
  await page.getByRole('dialog').getByRole('button', { name: 'It failed' }).click();
  await page.getByText('“jobs:impatient” was marked as failed.').waitFor();
  expect(await statusOf('jobs:impatient')).toBe('failed');
});

test.each([
  ['It failed', 'was marked as failed', 'failed', 'failed by hand'],
  ['Run it again', 'was released', undefined, 'released by hand'],
])(
  '“%s” on the key’s own page: it %s, and its history says who decided',
  async (button, told, status, note) => {
    const key = `jobs:${button}`;
    await ask(key);
    const page = await setting.openSignedIn(`#/keys/${encodeURIComponent(key)}`);
    await page.getByRole('button', { name: `${button} for ${key}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: button }).click();
    await page.getByText(`“${key}” ${told}.`).waitFor();
    expect(await statusOf(key)).toBe(status);
    const decided = page.getByRole('listitem').filter({ hasText: 'Decided by hand' });
    expect(await decided.innerText()).toMatch(new RegExp(`Note\\s+${note}[^]*By\\s+key_[\\w-]{12}`));
  },
);

test('a record that changed in between is not decided about', async () => {
  const version = await ask('jobs:changed');
  const page = await setting.openSignedIn();
  await page.getByRole('button', { name: 'Run it again for jobs:changed' }).click();
  await page.getByRole('dialog').waitFor();
  // A colleague was faster.
  const word = {
    key: 'jobs:changed',
    version: await currentVersion('jobs:changed', version),
    outcome: 'completed',
  };
  expect(await setting.post('/v1/keys/resolve', word)).toMatchObject({ ok: true });
  await page.getByRole('dialog').getByRole('button', { name: 'Run it again' }).click();
  await page.getByText('This key has changed since you looked at it, so nothing was decided.').waitFor();
  expect(await statusOf('jobs:changed')).toBe('completed');
  await page.getByRole('button', { name: 'Look again' }).click();
  await page.getByText(ALL_CLEAR).waitFor();
});

/** Noticing that a run died changes its record, or not yet. */
async function currentVersion(key: string, otherwise: number): Promise<number> {
  const headers = { authorization: `Bearer ${setting.world.operatorKey}` };
  const response = await fetch(`${setting.world.baseUrl}/v1/ai/status?key=${encodeURIComponent(key)}`, {
    headers,
  });
  const { version = otherwise } = (await response.json()) as { version?: number };
  return version;
}

test('a key’s page shows its whole history: who claimed, who was stopped, what came of it', async () => {
  const { post, world } = setting;
  const key = 'jobs:story';
  await post('/v1/ai/lease', { key, run: 'first run', ttl: 60 });
  await post('/v1/ai/lease', { key, run: 'second run' });
  world.advance(61_000);
  const lease = await post('/v1/ai/lease', { key, run: 'third run' });
  await post('/v1/ai/fail', { key, lease_id: lease['lease_id'], error_code: 'HTTP 502', retryable: true });
  const again = await post('/v1/ai/lease', { key, run: 'fourth run' });
  await post('/v1/ai/complete', { key, lease_id: again['lease_id'], result: { invoice: 'in_7' } });
  const page = await setting.openSignedIn(`#/keys/${encodeURIComponent(key)}`);
  const entries = page.getByRole('region', { name: 'History' }).getByRole('listitem');
  await entries.first().waitFor();
  const told = (await entries.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ')).reverse();
  expect(told).toEqual([
    expect.stringMatching(/^Claimed .*Run first run$/),
    expect.stringMatching(/^Duplicate stopped .*Run second run$/),
    expect.stringMatching(/^Run died .*Run first run$/),
    expect.stringMatching(/^Taken over .*Run third run Attempt 2$/),
    expect.stringMatching(/^Failed .*Run third run Attempt 2 Error HTTP 502$/),
    expect.stringMatching(/^Claimed .*Run fourth run Attempt 3$/),
    expect.stringMatching(/^Completed .*Run fourth run Attempt 3$/),
  ]);
  expect(await page.locator('pre').innerText()).toBe('{\n  "invoice": "in_7"\n}');
});

test('what users sent is shown as text, whatever it is', async () => {
  const { post } = setting;
  const bad = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
  const key = `jobs:${bad}/?#&%2F`;
  const lease = await post('/v1/ai/lease', { key, run: bad });
  await post('/v1/ai/complete', { key, lease_id: lease['lease_id'], result: { [bad]: bad } });
  const page = await setting.openSignedIn('#/keys?prefix=jobs:%3C');
  await page.getByRole('link', { name: key }).click();
  await page.getByRole('heading', { level: 1, name: key }).waitFor();
  await page.getByText('The work is done. Every later run stops.').waitFor();
  expect(await page.locator('pre').innerText()).toContain(JSON.stringify(bad));
  expect(await page.locator('img, #page script').count()).toBe(0);
  expect(await page.title()).toBe(`${key} · OnceOnly`);
});

test.each([
  [
    'numbers that no browser can count with',
    '{"id": 12345678901234567890, "sum": 1e400}',
    '{\n  "id": 12345678901234567890,\n  "sum": 1e400\n}',
  ],
  [
    'lists in lists by the thousand',
    `{"a":${'['.repeat(30_000)}"deep"${']'.repeat(30_000)}}`,
    /^\{\n {2}"a": \[\n {4}\[\n[^]*\["deep"\][^]*\n\}$/,
  ],
  ['nothing in it', '{"a": {}, "b": [ ], "c": "\\"[{,:"}', '{\n  "a": {},\n  "b": [],\n  "c": "\\"[{,:"\n}'],
])('a result is shown as it was sent: %s', async (name, result, shown) => {
  const key = `jobs:${name}`;
  const lease = await setting.post('/v1/ai/lease', { key });
  const response = await fetch(`${setting.world.baseUrl}/v1/ai/complete`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${setting.world.operatorKey}`,
      'content-type': 'application/json',
    },
    body: `{"key":${JSON.stringify(key)},"lease_id":${JSON.stringify(lease['lease_id'])},"result":${result}}`,
  });
  expect(response.status).toBe(200);
  const page = await setting.openSignedIn(`#/keys/${encodeURIComponent(key)}`);
  await page.getByRole('heading', { level: 3, name: 'Result' }).waitFor();
  expect(await page.locator('pre').innerText()).toMatch(shown);
});
