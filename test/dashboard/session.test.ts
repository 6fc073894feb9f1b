import type { Route } from 'playwright-core';
import { createApiKeyOf, faultsOf, signIn, useDashboard } from './setting.ts';

const setting = useDashboard();

test('an operator signs in and out; the key stays nowhere in the browser', async () => {
  const { baseUrl, operatorKey } = setting.world;
  const page = await setting.open();
  const urls: string[] = [];
  page.on('request', (request) => urls.push(request.url()));
  await page.goto(baseUrl);
  await signIn(page, operatorKey);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  const kept = await page.evaluate(
    'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, document.documentElement.outerHTML])',
  );
  expect(kept).not.toContain('once_live_');
  expect(urls.filter((url) => url.includes('once_live_'))).toEqual([]);
  expect(await page.context().cookies()).toMatchObject([
    { name: 'onceonly_session', httpOnly: true, sameSite: 'Strict', path: '/' },
  ]);

  await page.reload();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Operator API key').waitFor();
  expect(await page.context().cookies()).toEqual([]);
  await page.reload();
  await page.getByLabel('Operator API key').waitFor();
});

test('whoever enters another key is told which one it takes', async () => {
  const page = await setting.open();
  await page.goto(setting.world.baseUrl);
  const enter = async (apiKey: string): Promise<void> => {
    await page.getByLabel('Operator API key').fill(apiKey);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await enter('');
  await page.getByText('Enter an API key first.').waitFor();
  await enter('once_live_wrong');
  await page.getByText('This API key is unknown or was revoked.').waitFor();
  await enter(setting.world.apiKey);
  await page
    .getByText(
      'This API key has the role automation. To list keys and decide about them, use one with the role operator.',
    )
    .waitFor();
  expect(await page.getByLabel('Operator API key').inputValue()).toBe('');
  expect(await faultsOf(page)).toEqual([]);
});

test('a session ends in front of the page when its API key is revoked', async () => {
  const { secret, revoke } = await createApiKeyOf(setting.world, 'elsewhere');
  const page = await setting.open();
  await page.clock.install();
  await page.goto(setting.world.baseUrl);
  await signIn(page, secret);
  await page.getByText('Nothing was stopped yet.').waitFor();
  await revoke();
  await page.clock.runFor(60_000);
  await page.getByText('Your session has ended. Sign in again to go on.').waitFor();
  expect(await page.getByRole('heading', { level: 1 }).allInnerTexts()).toEqual(['Sign in']);
});

test('a refusal that comes late, of a session before, does not end the one of now', async () => {
  const page = await setting.open();
  const [asked, held] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const refuseLate = async (route: Route): Promise<void> => {
    asked.resolve(undefined);
    await held.promise;
    await route.fulfill({ status: 401, body: '{"detail":"Invalid API key"}' });
  };
  await page.route('**/v1/metrics?*', refuseLate, { times: 1 });
  await page.goto(setting.world.baseUrl);
  await signIn(page, setting.world.operatorKey);
  await asked.promise;
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(page, setting.world.operatorKey);
  const refused = page.waitForResponse((response) => response.status() === 401);
  held.resolve(undefined);
  await (await refused).finished();
  expect(await page.context().cookies()).toHaveLength(1);
  await page.getByRole('link', { name: 'Keys' }).click();
  await page.getByText('There is no key yet.').waitFor();
});

test('who could not be signed out is told, and is signed out by trying again', async () => {
  const page = await setting.openSignedIn('#/keys');
  await page.getByText('There is no key yet.').waitFor();
  await page.route('**/v1/session', (route) => route.fulfill({ status: 503, body: '{}' }));
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You may still be signed in').waitFor();
  expect(await page.context().cookies()).toHaveLength(1);
  await page.unroute('**/v1/session');
  await page.getByRole('button', { name: 'Try again now' }).click();
  await page.getByLabel('Operator API key').waitFor();
  expect(await page.context().cookies()).toEqual([]);
});

test('where nothing has happened yet, every page says how it begins', async () => {
  const { secret } = await createApiKeyOf(setting.world, 'newcomers');
  const page = await setting.open();
  await page.goto(setting.world.baseUrl);
  await signIn(page, secret);
  for (const text of [
    'No key waits for your decision.',
    'Nothing was stopped yet.',
    'Nothing has happened yet.',
  ])
    await page.getByText(text).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('link', { name: 'Keys' }).click();
  await page.getByText('There is no key yet.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
});

test('a server that hangs is named as well, and what is shown is not taken for new', async () => {
  const page = await setting.open();
  await page.clock.install();
  await page.goto(`${setting.world.baseUrl}/#/keys`);
  await signIn(page, setting.world.operatorKey);
  await page.getByText('There is no key yet.').waitFor();
  const asked = Promise.withResolvers<undefined>();
  await page.route('**/v1/keys?*', () => {
    asked.resolve(undefined);
  });
  await page.clock.runFor(5_000);
  await asked.promise;
  await page.clock.runFor(60_000);
  await page.getByRole('alert').getByText('The server does not answer.').waitFor();
  await page.unroute('**/v1/keys?*');
  await page.getByRole('button', { name: 'Try again now' }).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  expect(await page.getByText('There is no key yet.').count()).toBe(1);
});

test('a server that does not answer is named, and asked again', async () => {
  const page = await setting.openSignedIn();
  await page.getByText('Nothing was stopped yet.').waitFor();
  await page.context().setOffline(true);
  await page.getByRole('link', { name: 'Keys' }).click();
  // The first page has several alerts, once it has asked in vain.
  await page.getByRole('heading', { name: 'Keys', level: 1 }).waitFor();
  await page
    .getByRole('alert')
    .getByText(/^The server does not answer\..* This page tries again by itself\.$/)
    .waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again now' }).click();
  await page.getByText('There is no key yet.').waitFor();
});

test('who signs in while the server does not answer is not told to wait for the page', async () => {
  const page = await setting.open();
  await page.goto(setting.world.baseUrl);
  await page.getByLabel('Operator API key').fill(setting.world.operatorKey);
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const message = 'The server does not answer. Check that it runs, and that you are connected.';
  await page.getByText(message, { exact: true }).waitFor();
  // The key need not be entered again.
  expect(await page.getByLabel('Operator API key').inputValue()).toBe(setting.world.operatorKey);
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
});
