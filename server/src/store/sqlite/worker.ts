/** The thread that owns the database. All batches that have arrived share one transaction, and are answered after its commit. */
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { messageOf } from '../../error-message.ts';
import { openDatabase } from './database.ts';
import { findDowntime } from './downtime.ts';
import { createEngine } from './engine.ts';
import { parseBatch, type ToOwner, type ToWorker, type WorkerData } from './messages.ts';

/** Events are written when there was no request for this time … */
const IDLE_MILLISECONDS = 100;
/** … or when this many are waiting, or when the first of them has waited this long. */
const MANY_EVENTS = 512;
const LONG_MILLISECONDS = 1_000;

function start(
  { path, eventDays, advancesTime, now }: WorkerData,
  port: NonNullable<typeof parentPort>,
): void {
  const tell = (message: ToOwner) => {
    port.postMessage(message);
  };
  const db = openDatabase(path);
  const downtime = advancesTime ? findDowntime(db, now) : null;
  if (downtime !== null) tell({ opened: downtime });
  const engine = createEngine(db, { eventDays, advancesTime });
  const flush = () => {
    engine.flushEvents();
  };
  let idle: NodeJS.Timeout | undefined;
  let heldSince = 0;

  port.on('message', (message: ToWorker) => {
    clearTimeout(idle);
    if (message === 'close') {
      flush();
      db.close();
      port.close();
      return;
    }
    const batches = [message, ...arrived(port)].map(({ batch }) => parseBatch(batch));
    const now = Math.max(...batches.map((batch) => batch.now));
    if (engine.heldEvents === 0) heldSince = performance.now();
    const requests = batches.flatMap((batch) => batch.requests);
    const replies = [...engine.run(now, requests)];
    tell({ replies: batches.map((batch) => JSON.stringify(replies.splice(0, batch.requests.length))) });
    const long = performance.now() - heldSince > LONG_MILLISECONDS;
    if (engine.heldEvents >= MANY_EVENTS || (long && engine.heldEvents > 0)) flush();
    else if (engine.heldEvents > 0) idle = setTimeout(flush, IDLE_MILLISECONDS);
  });
  tell({ now: Number(db.prepare('SELECT now FROM meta').get()?.['now']) });
  tell('ready');
}

/** The batches that have arrived meanwhile, which share the transaction. `close` is never among them: it is sent after all answers. */
function* arrived(port: MessagePort): Iterable<Exclude<ToWorker, 'close'>> {
  let received: unknown;
  while ((received = receiveMessageOnPort(port)) !== undefined)
    yield (received as { readonly message: Exclude<ToWorker, 'close'> }).message;
}

if (parentPort !== null) {
  try {
    start(workerData as WorkerData, parentPort);
  } catch (error) {
    parentPort.postMessage({
      refused: messageOf(error),
    } satisfies ToOwner);
    parentPort.close();
  }
}
