import { createTransport } from 'nodemailer';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { openWorld, type World } from '../world.ts';
import { atOnce, DUPLICATES, runOn, runWithout, STEPS, type Effect } from './runs.ts';

const EVENT = { job: 'welcome-mail', key: 'customer-7', while_in_progress: 'stop' };

let world: World;
let server: SMTPServer;
let received: string[];

beforeEach(async () => {
  world = await openWorld();
  received = [];
  server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push(Buffer.concat(chunks).toString());
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await new Promise<void>((resolve) => {
    server.close(resolve);
  });
  await world.close();
});

const send: Effect = async () => {
  const { port } = server.server.address() as AddressInfo;
  const mailer = createTransport({ host: '127.0.0.1', port, secure: false });
  const { messageId } = await mailer.sendMail({
    ...{ from: 'shop@example.com', to: 'ada@example.com', subject: 'Welcome', text: 'Good to have you.' },
  });
  return { messageId };
};

test('E-mail: without the steps, each duplicate sends one', async () => {
  await atOnce(() => runWithout(send));
  expect(received).toHaveLength(DUPLICATES);
});

test.each(STEPS)('E-mail: with them, on %s, one', async (_, open) => {
  const steps = await open(world);
  await atOnce(() => runOn(steps, EVENT, send));
  await atOnce(() => runOn(steps, EVENT, send));
  await steps.close();
  expect(received).toHaveLength(1);
  expect(received[0]).toContain('Subject: Welcome');
});
