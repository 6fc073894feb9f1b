import { connectionFields, connectionLabel, CONNECTION_TEST, ERRORS, readBaseUrl } from '@onceonly/shared';
import { sentenceCase } from '@onceonly/shared/sentence-case.ts';
import { loadApp, type Section } from './engine/app.ts';
import { connect } from './engine/connect.ts';
import { READINGS, readAs } from './engine/reading.ts';
import { openStub, useApp } from './harness.ts';

const at = useApp();

describe('the connection', () => {
  test('has the fields of the other platforms', async () => {
    const { parameters } = (await loadApp()).connection;
    expect(
      parameters.map(({ name, label, help, default: standard }) => ({ name, label, help, standard })),
    ).toEqual(
      connectionFields.map((field) => ({
        name: field.id,
        label: sentenceCase(field.label),
        help: field.help,
        standard: 'default' in field ? field.default : undefined,
      })),
    );
    expect(parameters.map(({ type }) => type)).toEqual(['password', 'text']);
  });

  test.each(Object.entries(READINGS))(
    'is made with a valid key, and named by account and host (as %s)',
    async (_, reading) => {
      readAs(reading);
      const made = await connect(at.world);
      readAs(READINGS.documented);
      expect(made.label).toBe(connectionLabel({ tenant: 'acme' }, at.world.baseUrl));
      expect(made.connection['own']).toBe(true);
      expect(made.log[0]?.request).toMatchObject({
        method: CONNECTION_TEST.method,
        url: `${at.world.baseUrl}${CONNECTION_TEST.path}?${new URLSearchParams(CONNECTION_TEST.query).toString()}`,
      });
    },
  );

  test('says where the server makes keys of webhooks otherwise', async () => {
    const stub = await openStub((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"plan":"self-hosted","tenant":"acme","derivation_known":false}');
    });
    const { label } = await connect({ baseUrl: stub.baseUrl, apiKey: 'once_live_x' });
    expect(label).toContain('which makes other keys of webhooks than this app');
  });

  test.each(['', '/', '/v1', '/v1/'])(
    'takes the base URL with “%s” at its end, and modules do too',
    async (end) => {
      const made = await connect({ ...at.world, baseUrl: at.world.baseUrl + end });
      const { runModule } = await import('./engine/run.ts');
      const module = made.app.modules['claimKey'];
      if (module === undefined) throw new Error('No module.');
      const { bundles } = await runModule(module, { job: 'base', key: `k${end}` }, made);
      expect(bundles).toHaveLength(1);
    },
  );

  test('fails with a wrong key, and says what to do', async () => {
    await expect(connect({ ...at.world, apiKey: 'once_live_wrong' })).rejects.toMatchObject({
      type: 'InvalidAccessTokenError',
      message: expect.stringContaining(ERRORS.unauthorized.todo),
    });
  });

  test.each([
    [200, 'text/html', '<html>Log in</html>', 'ConnectionError'],
    [200, 'application/json', '{"hello":"world"}', 'ConnectionError'],
    [404, 'text/html', 'Not found', 'DataError'],
    [503, 'text/html', 'Down', 'ConnectionError'],
  ])('fails where %s %s %s answers', async (status, type, body, error) => {
    const stub = await openStub((_, response) => {
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    });
    await expect(connect({ baseUrl: stub.baseUrl, apiKey: 'once_live_x' })).rejects.toMatchObject({
      type: error,
    });
  });

  test('never logs the key', async () => {
    const made = await connect(at.world);
    expect(JSON.stringify(made.log)).not.toContain(at.world.apiKey);
  });

  test('takes those base URLs that the client takes, of all that are https', async () => {
    const { parameters } = (await loadApp()).connection;
    const { pattern } = parameters[1]?.['validate'] as { pattern: string };
    const urls = [
      'https://api.onceonly.tech',
      'https://api.onceonly.tech/',
      'https://api.onceonly.tech/v1/',
      'https://once.example:8443/behind/a/proxy',
      'https://user:password@once.example',
      'https://once.example?a=b',
      'https://once.example/#a',
      'http://once.example',
      'once.example',
      'ftp://once.example',
    ];
    for (const url of urls)
      expect([url, new RegExp(pattern).test(url)]).toEqual([url, 'url' in readBaseUrl(url)]);
  });
});

test('base and connection speak of errors in the same words', async () => {
  const { base, connection } = await loadApp();
  const errorsOf = (section: Section): Record<string, Section> =>
    (section['response'] as { error: Record<string, Section> }).error;
  const [ofBase, ofConnection] = [errorsOf(base), errorsOf(connection.communication)];
  // An unknown path is a wrong address when connecting, and an unknown key in a module.
  const { 404: unknownPath, ...same } = ofConnection;
  expect(unknownPath?.['message']).toBe(
    ERRORS.unexpected_answer.happened + ' ' + ERRORS.unexpected_answer.todo,
  );
  expect(ofBase).toMatchObject(same);
});
