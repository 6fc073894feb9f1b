import axios, { type AxiosInstance } from 'axios';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { runCommand, startServerProcess } from './cli-process.ts';
import { freePort } from './services/free-port.ts';

/* A real Caddy with the Caddyfile of compose.yaml, in front of a real server; only addresses and ports are this machine's. */

const CADDYFILE = join(__dirname, '../Caddyfile');
const adapted = (domain: string) => {
  const env = { ...process.env, ONCEONLY_DOMAIN: domain };
  return promisify(execFile)('caddy', ['adapt', '--config', CADDYFILE, '--adapter', 'caddyfile'], { env });
};

test('Caddy understands the file, and finds it as Caddy formats it', async () => {
  const { stdout } = await adapted('once.example.com');
  expect(stdout).toContain('"host":["once.example.com"]');
  const formatted = await promisify(execFile)('caddy', ['fmt', CADDYFILE]);
  expect(formatted.stdout).toBe(await readFile(CADDYFILE, 'utf8'));
});

describe('a server behind it', () => {
  let folder: string;
  let client: AxiosInstance;
  let close: () => Promise<unknown>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onceonly-caddy-'));
    // Caddy is at this machine's address here.
    const env = { ONCEONLY_TRUSTED_PROXIES: '127.0.0.1' };
    const server = await startServerProcess({ directory: folder, env });
    const port = String(await freePort());
    const { stdout } = await adapted('localhost');
    const { apps } = JSON.parse(
      stdout
        .replace('"onceonly:8787"', `"${new URL(server.url).host}"`)
        .replace('":443"', `"127.0.0.1:${port}"`),
    ) as { apps: { http: { servers: { srv0: object } } } };
    // Port 80 is the machine's, and its store of certificates its owner's.
    Object.assign(apps.http.servers.srv0, { automatic_https: { disable_redirects: true } });
    const pki = { certificate_authorities: { local: { install_trust: false } } };
    const config = { admin: { disabled: true }, apps: { ...apps, pki } };
    await writeFile(join(folder, 'caddy.json'), JSON.stringify(config));
    const homes = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    const caddy = spawn('caddy', ['run', '--config', join(folder, 'caddy.json')], {
      env: homes,
      stdio: 'ignore',
    });
    const ended = once(caddy, 'exit');
    close = async () => {
      caddy.kill();
      await Promise.all([ended, server.end()]);
      await rm(folder, { recursive: true, force: true });
    };
    client = await clientOf(
      `https://localhost:${port}`,
      join(folder, 'caddy/pki/authorities/local/root.crt'),
    );
  });
  afterAll(() => close());

  test('is asked over https, with a certificate that Caddy made', async () => {
    expect((await client.get('/healthz')).status).toBe(200);
    const create = ['api-keys', 'create', '--tenant', 'acme', '--role', 'automation'];
    const [key = ''] = /once_live_[\w-]+/.exec((await runCommand({ directory: folder }, create)).out) ?? [];
    const claim = { key: 'orders:1001', ttl: 60 };
    const headers = { Authorization: `Bearer ${key}` };
    expect((await client.post('/v1/ai/lease', claim, { headers })).data).toMatchObject({
      status: 'acquired',
    });
  });

  test('counts the unknown keys of a caller, whoever the caller says to be', async () => {
    const me = async (n: number): Promise<number> => {
      const Authorization = `Bearer once_live_${String(n).padStart(43, '0')}`;
      const headers = { Authorization, 'X-Forwarded-For': `203.0.113.${String(n)}` };
      return (await client.get('/v1/me', { headers })).status;
    };
    for (let n = 0; n < 60; n += 1) expect(await me(n)).toBe(403);
    expect(await me(60)).toBe(429);
  });

  test.each(['/metrics', '/readyz'])('keeps %s to those who run it', async (path) => {
    expect((await client.get(path)).status).toBe(404);
  });
});

/** Once Caddy listens: before that it has made its certificate. */
async function clientOf(baseURL: string, certificate: string): Promise<AxiosInstance> {
  for (;;) {
    const ca = await readFile(certificate).catch(() => undefined);
    if (ca !== undefined) {
      const client = axios.create({
        baseURL,
        httpsAgent: new Agent({ ca }),
        proxy: false,
        validateStatus: () => true,
      });
      const answered = await client.get('/healthz').catch(() => undefined);
      if (answered !== undefined) return client;
    }
    await pause(50);
  }
}
