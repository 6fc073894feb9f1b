import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A record, as the service hands it over and tells of it. */
export interface Contact {
  readonly id: string;
  readonly reference: string;
  readonly updated_at: string;
}

/** A service of records, as a CRM is: it says when one was changed, finds it by its reference, and tells of every write. */
export interface Crm {
  readonly url: string;
  /** Every write, in turn; a record has the reference that it was written with. */
  readonly writes: readonly Contact[];
  /** From now on, is told of a write before whoever wrote is answered. */
  tell(listener: (written: Contact) => Promise<unknown>): void;
  /** The next write is done, and answered with an error: the run that made it dies. */
  losesNextAnswer: boolean;
  close(): Promise<void>;
}

const START = Date.parse('2026-11-25T08:00:00Z');

/** Takes `POST {id, reference}`, and answers the record; `GET ?reference=` answers `{results}`. */
export async function openCrm(): Promise<Crm> {
  const writes: Contact[] = [];
  let listener: (written: Contact) => Promise<unknown> = () => Promise.resolve();

  const write = async (body: string): Promise<Contact> => {
    const { id, reference } = JSON.parse(body) as Contact;
    const updated_at = new Date(START + (writes.length + 1) * 60_000).toISOString();
    const written = { id, reference, updated_at };
    writes.push(written);
    await listener(written);
    return written;
  };
  const find = (url: string) => {
    const reference = new URL(url, 'http://crm').searchParams.get('reference');
    return { results: writes.filter((contact) => contact.reference === reference) };
  };

  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const answer = request.method === 'POST' ? await write(body) : find(request.url ?? '');
      const isLost = request.method === 'POST' && crm.losesNextAnswer;
      if (isLost) crm.losesNextAnswer = false;
      response
        .writeHead(isLost ? 502 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(isLost ? {} : answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const crm: Crm = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/contacts`,
    writes,
    tell: (to) => {
      listener = to;
    },
    losesNextAnswer: false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return crm;
}
