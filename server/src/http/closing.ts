import type { App } from './services.ts';

/** How long answers that were begun may take once the server is to close. */
const GRACE_MS = 10_000;

/**
 * Makes `app.close()` answer what was accepted, and not wait for connections on which nothing happens. Answers that
 * take longer than ten seconds are given up.
 */
export function closeGracefully(app: App, onClosing: () => void): void {
  app.addHook('preClose', (done) => {
    onClosing();
    const { server } = app;
    if (!server.listening) {
      done();
      return;
    }
    // A connection that falls idle while the server closes would stay open for as long as its client likes.
    const idle = setInterval(() => {
      server.closeIdleConnections();
    }, 25);
    const late = setTimeout(() => {
      server.closeAllConnections();
    }, GRACE_MS);
    server.once('close', () => {
      clearInterval(idle);
      clearTimeout(late);
    });
    done();
  });
}

/**
 * Where a connection is closed with the answer, answers only once the rest of the request was read. A client that is still
 * sending would see a reset connection in place of the answer.
 */
export function readBeforeClosing(app: App): void {
  app.addHook('onSend', ({ raw }, reply, payload, done) => {
    if (reply.raw.shouldKeepAlive || raw.complete || raw.destroyed) {
      done(null, payload);
      return;
    }
    // It ends, or is closed, within the time that a request may take.
    const answer = (): void => {
      raw.off('end', answer).off('close', answer);
      done(null, payload);
    };
    raw.on('end', answer).on('close', answer).resume();
  });
}
