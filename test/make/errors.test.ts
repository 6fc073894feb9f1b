import { ERRORS, type ErrorCode } from '@onceonly/shared';
import { loadApp, type Section } from './engine/app.ts';
import { appOn, errorOf, madeEarlier, openStub, useApp, type Result } from './harness.ts';

const CLAIM = { job: 'j', key: 'k' };

const json = (status: number, body: unknown) => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});
const html = (status: number) => ({ status, type: 'text/html', body: '<html>Bad gateway</html>' });

/** What a module comes to when the service answers like that. */
async function answered(
  { status, type, body }: ReturnType<typeof json>,
  module = 'claimKey',
  parameters: Record<string, unknown> = CLAIM,
): Promise<Result> {
  const stub = await openStub((_, response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  });
  const result = await appOn(await madeEarlier(stub.baseUrl)).run(module, parameters);
  return result;
}

/** Where the detail says what happened, that is left out. */
function said(code: ErrorCode): string[] {
  const error = ERRORS[code];
  return 'inDetail' in error ? [error.todo] : [error.happened, error.todo];
}

const TYPES: Readonly<Record<'later' | 'reconnect' | 'never', readonly string[]>> = {
  later: ['ConnectionError', 'RateLimitError'],
  reconnect: ['InvalidAccessTokenError'],
  never: ['DataError'],
};

describe('an answer of the service', () => {
  test.each<[string, ReturnType<typeof json>, ErrorCode, string]>([
    [
      '401',
      json(401, { detail: 'Missing Authorization Bearer token' }),
      'unauthorized',
      'InvalidAccessTokenError',
    ],
    ['403', json(403, { detail: 'Invalid API key' }), 'unauthorized', 'InvalidAccessTokenError'],
    ['402', json(402, { detail: { error: 'payment_required' } }), 'payment_required', 'RateLimitError'],
    ['413', json(413, { detail: { error: 'too_large' } }), 'invalid_input', 'DataError'],
    ['422', json(422, { detail: 'Key is reserved.' }), 'invalid_input', 'DataError'],
    ['429', json(429, { detail: { error: 'rate_limited' } }), 'rate_limited', 'RateLimitError'],
    ['500', json(500, { detail: 'x' }), 'server_error', 'ConnectionError'],
    ['502 that is HTML', html(502), 'server_error', 'ConnectionError'],
    ['503', json(503, { detail: 'x' }), 'server_error', 'ConnectionError'],
    ['504', html(504), 'server_error', 'ConnectionError'],
    ['401 of a proxy', html(401), 'unexpected_answer', 'ConnectionError'],
    ['403 of a firewall', html(403), 'unexpected_answer', 'ConnectionError'],
    ['418 that nobody knows', html(418), 'unexpected_answer', 'ConnectionError'],
    ['599 that nobody knows', html(599), 'unexpected_answer', 'ConnectionError'],
    ['200 that is a login page', html(200), 'unexpected_answer', 'ConnectionError'],
    ['200 that is empty', json(200, null), 'unexpected_answer', 'ConnectionError'],
    ['301', html(301), 'unexpected_answer', 'ConnectionError'],
  ])('%s becomes the right error, with what happened and what to do', async (_, response, code, type) => {
    const error = errorOf(await answered(response));
    expect(error.type).toBe(type);
    for (const part of said(code)) expect(error.message).toContain(part);
  });

  test.each(['completeKey', 'failKey', 'extendClaim', 'releaseKey', 'getKey', 'listKeys'])(
    '200 that is a login page is an error of %s too',
    async (module) => {
      const parameters = { claim_token: 'claim_a|b', job: 'j', key: 'k', limit: 10 };
      expect(errorOf(await answered(html(200), module, parameters)).type).toBe('ConnectionError');
    },
  );

  test.each(['claimKey', 'lockKey', 'completeKey', 'failKey', 'extendClaim', 'releaseKey', 'getKey'])(
    '200 of something that answers everything so is an error of %s',
    async (module) => {
      const parameters = { claim_token: 'claim_a|b', job: 'j', key: 'k', on_duplicate: 'continue' };
      const error = errorOf(await answered(json(200, { status: 'ok' }), module, parameters));
      expect(error.type).toBe('ConnectionError');
      for (const part of said('unexpected_answer')) expect(error.message).toContain(part);
    },
  );

  test.each(['claimKey', 'lockKey', 'completeKey', 'failKey', 'extendClaim', 'releaseKey', 'getKey'])(
    "a proxy's 404, while a server starts again, is tried again by %s",
    async (module) => {
      const parameters = { claim_token: 'claim_a|b', job: 'j', key: 'k' };
      const error = errorOf(await answered(html(404), module, parameters));
      expect(error.type).toBe('ConnectionError');
      for (const part of said('unexpected_answer')) expect(error.message).toContain(part);
    },
  );

  test('422 names the field', async () => {
    const detail = [{ type: 'missing', loc: ['body', 'key'], msg: 'Field required', input: null }];
    expect(errorOf(await answered(json(422, { detail }))).message).toContain('key: Field required');
  });

  test('413 says what is too large, and what helps', async () => {
    const detail = { error: 'too_large', message: 'The body may have at most 262,144 bytes.' };
    expect(errorOf(await answered(json(413, { detail }))).message).toContain(
      'larger than the server takes: The body may have at most 262,144 bytes. Nothing was changed.',
    );
    expect(errorOf(await answered(html(413))).message).toContain('set Key from to a value.');
  });

  test('402 says where to upgrade, and 403 of a role what it takes', async () => {
    const upgrade = { error: 'payment_required', upgrade_url: 'https://onceonly.tech/pricing' };
    expect(errorOf(await answered(json(402, { detail: upgrade }))).message).toContain(
      'https://onceonly.tech/pricing',
    );
    const role = { error: 'operator_key_needed', message: 'It takes the role operator.' };
    const { message } = errorOf(await answered(json(403, { detail: role })));
    for (const part of [...said('forbidden'), 'It takes the role operator.']) expect(message).toContain(part);
  });

  test.each([
    [404, { error: 'not_found' }, 'it was never claimed with this connection'],
    [409, { error: 'lease_lost', status: 'in_progress' }, 'another run has taken over this key'],
    [409, { error: 'already_finished', status: 'completed' }, 'this key is already finished'],
    [409, { error: 'Duplicate blocked' }, 'Duplicate: this event already came'],
  ])('%s %p of the hosted service is a DataError with a sentence', async (status, detail, sentence) => {
    expect(
      errorOf(await answered(json(status, { detail }), 'releaseKey', { claim_token: 'claim_a|b' })),
    ).toEqual({
      type: 'DataError',
      message: expect.stringContaining(sentence),
    });
  });

  test('every type of error is repeated by Make just where a later try may help', async () => {
    const { base } = await loadApp();
    const errors = (base['response'] as { error: Record<string, Section> }).error;
    for (const [status, code] of Object.entries({
      401: 'unauthorized',
      422: 'invalid_input',
      429: 'rate_limited',
      503: 'server_error',
    } as const)) {
      // A 401 or 403 without a word of OnceOnly's is a proxy's.
      const type = String(errors[status]?.['type']).replace(/^.*'ConnectionError', '(\w+)'\)\}\}$/, '$1');
      expect(TYPES[ERRORS[code].retry]).toContain(type);
    }
  });
});

test('a connection that is cut becomes a ConnectionError, which Make repeats', async () => {
  const stub = await openStub((request) => request.socket.destroy());
  expect(errorOf(await appOn(await madeEarlier(stub.baseUrl)).run('claimKey', CLAIM)).type).toBe(
    'ConnectionError',
  );
});

test('a service that does not listen becomes a ConnectionError', async () => {
  const stub = await openStub(() => undefined);
  await stub.close();
  expect(errorOf(await appOn(await madeEarlier(stub.baseUrl)).run('claimKey', CLAIM)).type).toBe(
    'ConnectionError',
  );
});

test('a redirect is not followed, so that the API key stays where it is', async () => {
  const other = await openStub((_, response) => response.end('{}'));
  const stub = await openStub((_, response) => {
    response.writeHead(307, { location: `${other.baseUrl}/v1/ai/lease` });
    response.end();
  });
  expect(errorOf(await appOn(await madeEarlier(stub.baseUrl)).run('claimKey', CLAIM)).type).toBe(
    'ConnectionError',
  );
  expect(other.came).toEqual([]);
});

describe('what Make logs', () => {
  const at = useApp();

  test('never holds the API key', async () => {
    await at.app.run('claimKey', CLAIM);
    await at.app.run('claimKey', { ...CLAIM, on_duplicate: 'raise' });
    await at.app.run('makeApiCall', { url: '/v1/me', method: 'GET' });
    // The connection's test, where no other test came before, and the three.
    expect(at.app.made.log.length).toBeGreaterThanOrEqual(4);
    const logged = JSON.stringify(at.app.made.log);
    expect(logged).not.toContain(at.world.apiKey);
    expect(logged).toContain('*****');
  });

  test('shows that outcomes are asked for as answers', async () => {
    await at.app.run('claimKey', { job: 'header', key: 'k' });
    expect(at.app.made.log.at(-1)?.request).toMatchObject({ headers: { 'x-onceonly-outcomes': '200' } });
  });
});

describe('a service without our additions', () => {
  const at = useApp({ hostedOnly: {} });

  test.each([
    ['claimKey', { ...CLAIM, if_run_died: 'block' }, 'If an earlier run died'],
    ['claimKey', { ...CLAIM, max_attempts: 3 }, 'Give up after'],
    ['claimKey', { ...CLAIM, remember_days: 30 }, 'Remember for'],
    ['claimKey', { ...CLAIM, on_duplicate: 'raise' }, 'When it is a duplicate'],
    ['claimKey', { ...CLAIM, on_duplicate: 'watch' }, 'When it is a duplicate'],
    ['claimKey', { ...CLAIM, group: 'g' }, 'One at a time for'],
    ['claimKey', { ...CLAIM, sequence: '1' }, 'Version or change time'],
    ['claimKey', { ...CLAIM, test_only: true }, 'Test only'],
    ['lockKey', { ...CLAIM, test_only: true }, 'Test only'],
    ['failKey', { run: 'r' }, 'Run'],
  ])('%s is refused for a choice that it cannot keep: %p', async (module, parameters, label) => {
    const { message, type } = errorOf(await at.app.run(module, parameters));
    expect(type).toBe('DataError');
    for (const part of [...said('needs_own_server'), `“${label}” works only with your own OnceOnly server.`])
      expect(message).toContain(part);
    expect(at.app.made.log.at(-1)).toMatchObject({
      request: { url: `${at.world.baseUrl}/v1/needs-own-server` },
      response: { statusCode: 404 },
    });
  });

  test('claims, completes and stops duplicates', async () => {
    const event = { job: 'hosted', key: 'k' };
    const first = await at.app.run('claimKey', event);
    const [bundle] = 'bundles' in first ? first.bundles : [];
    expect(bundle).toMatchObject({
      proceed: true,
      idempotency_key: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    await at.app.run('completeKey', { claim_token: bundle?.['claim_token'] });
    expect(await at.app.run('claimKey', event)).toEqual({ bundles: [] });
  });

  test('is told of a failure that may be tried again as a key that is given up', async () => {
    const event = { job: 'hosted', key: 'fails' };
    const claim = async () => {
      const result = await at.app.run('claimKey', event);
      return 'bundles' in result ? result.bundles[0] : undefined;
    };
    const claim_token = (await claim())?.['claim_token'];
    const failed = await at.app.run('failKey', { claim_token, reason: 'mailbox full' });
    expect('bundles' in failed && failed.bundles[0]).toMatchObject({ status: 'failed', failed: true });
    expect(await claim()).toMatchObject({ proceed: true });
  });
});
