import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import axios, { type AxiosInstance } from 'axios';

/** n8n's own interface, as its editor uses it; every answer is the `data` of it. */
export interface Rest {
  get<T>(path: string, params?: object): Promise<T>;
  post<T>(path: string, body?: object): Promise<T>;
  delete(path: string): Promise<void>;
}

const PATIENCE_MS = 60_000;
export const OWNER = { email: 'owner@example.com', password: 'Once-only-1' };

/** Answers with any status; a connection a request, since n8n ends those that it kept whenever it likes. */
export const createHttp = (baseURL: string): AxiosInstance =>
  axios.create({
    baseURL,
    proxy: false,
    validateStatus: () => true,
    httpAgent: new Agent({ keepAlive: false }),
  });

/** Makes the owner's account where there is none, and signs in. */
export async function signIn(url: string): Promise<Rest> {
  const http = createHttp(`${url}/rest`);
  const setup = await http.post('/owner/setup', { ...OWNER, firstName: 'An', lastName: 'Owner' });
  const login =
    setup.status === 200
      ? setup
      : await http.post('/login', { emailOrLdapLoginId: OWNER.email, password: OWNER.password });
  const cookie = login.headers['set-cookie']?.map((each) => each.split(';')[0]).join('; ');
  if (login.status !== 200 || cookie === undefined)
    throw new Error(`Nobody can sign in to n8n: ${String(login.status)} ${JSON.stringify(login.data)}`);

  async function ask(method: string, path: string, body?: object, params?: object) {
    const { status, data } = await http.request<{ data: unknown }>({
      method,
      url: path,
      data: body,
      params,
      headers: { cookie },
    });
    return { status, data: data.data ?? data };
  }
  async function must<T>(method: string, path: string, body?: object, params?: object): Promise<T> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const { status, data } = await ask(method, path, body, params);
      if (status < 300) return data as T;
      // n8n turns everybody away for a while when its database was slow to answer, and those who delete while it unpublishes.
      const again = status === 503 || (status === 409 && method === 'DELETE');
      if (!again || Date.now() > until)
        throw new Error(`${method} ${path}: ${String(status)} ${JSON.stringify(data)}`);
      await pause(200);
    }
  }
  return {
    get: (path, params) => must('GET', path, undefined, params),
    post: (path, body = {}) => must('POST', path, body),
    delete: (path) => must('DELETE', path),
  };
}
