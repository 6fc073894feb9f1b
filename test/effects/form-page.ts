import fastify from 'fastify';
import type { AddressInfo } from 'node:net';

/** A page with a form, and what becomes of each submission. */
export interface FormPage {
  readonly url: string;
  /** How many submissions have been answered. */
  readonly answered: number;
  close(): Promise<void>;
}

/** The submission's id is made when the page is opened first, and stays over a reload: what was typed is the same too. */
const PAGE = `<!doctype html>
<title>Order</title>
<form><input name="email" value="ada@example.com"><button>Order</button></form>
<script>
  sessionStorage.submission ??= crypto.randomUUID();
  document.querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    const { submission } = sessionStorage;
    const body = JSON.stringify({ submission, email: event.target.email.value });
    fetch('/submissions', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  });
</script>`;

/** Serves it; `receive` is handed what was sent, as an automation's webhook is. */
export async function openFormPage(
  receive: (submission: { readonly submission: string }) => Promise<unknown>,
): Promise<FormPage> {
  const app = fastify();
  let answered = 0;
  app.get('/', (_request, reply) => reply.type('text/html').send(PAGE));
  app.post('/submissions', async (request) => {
    await receive(request.body as { submission: string });
    answered += 1;
    return {};
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    url: `http://127.0.0.1:${String((app.server.address() as AddressInfo).port)}/`,
    get answered() {
      return answered;
    },
    close: () => {
      app.server.closeAllConnections();
      return app.close();
    },
  };
}
