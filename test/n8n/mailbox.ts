import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

/** A mail server that keeps what it is sent. */
export interface Mailbox {
  readonly port: number;
  readonly mails: readonly string[];
  close(): Promise<void>;
}

/** As much of SMTP as a client needs that neither signs in nor encrypts. */
export async function openMailbox(): Promise<Mailbox> {
  const mails: string[] = [];
  const server = createServer((socket) => {
    let mail: string[] | undefined;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 mailbox');
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).on('line', (line) => {
      if (mail === undefined) {
        const command = line.slice(0, 4).toUpperCase();
        if (command === 'DATA') mail = [];
        say({ DATA: '354 go on', QUIT: '221 bye' }[command] ?? '250 ok');
        if (command === 'QUIT') socket.end();
      } else if (line === '.') {
        mails.push(mail.join('\n'));
        mail = undefined;
        say('250 kept');
      } else mail.push(line);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}
