/** The thread that owns the database: one batch at a time, answered after its commit. */
import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from './database.ts';
import { createEngine } from './engine.ts';
import { parseBatch, type ToOwner, type ToWorker, type WorkerData } from './messages.ts';

/** Events are written when nothing was asked for this long … */
const IDLE_MILLISECONDS = 100;
/** … or when this many wait. */
const MANY_EVENTS = 512;

function start(path: string, port: NonNullable<typeof parentPort>): void {
  const tell = (message: ToOwner) => {
    port.postMessage(message);
  };
  const db = openDatabase(path);
  const engine = createEngine(db);
  const flush = () => {
    engine.flushEvents();
  };
  let idle: NodeJS.Timeout | undefined;

  port.on('message', (message: ToWorker) => {
    clearTimeout(idle);
    if (message === 'close') {
      flush();
      db.close();
      port.close();
      return;
    }
    const { now, requests } = parseBatch(message.batch);
    tell({ replies: JSON.stringify(engine.run(now, requests)) });
    if (engine.heldEvents >= MANY_EVENTS) flush();
    else if (engine.heldEvents > 0) idle = setTimeout(flush, IDLE_MILLISECONDS);
  });
  tell('ready');
}

if (parentPort !== null) {
  try {
    start((workerData as WorkerData).path, parentPort);
  } catch (error) {
    parentPort.postMessage({
      refused: error instanceof Error ? error.message : String(error),
    } satisfies ToOwner);
    parentPort.close();
  }
}
