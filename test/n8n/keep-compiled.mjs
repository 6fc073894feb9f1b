import { flushCompileCache } from 'node:module';

/** Loaded before n8n: keeps what it has compiled. Who is killed, as here, has no time for that at the end. */
setInterval(flushCompileCache, 5_000).unref();
