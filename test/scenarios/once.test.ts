import { createTransport } from '../../client/src/embedded/transport.ts';
import { createWaiting } from '../../server/src/claims/waiting.ts';
import { openSqliteStore } from '../../server/src/store/sqlite/store.ts';
import { openOnce } from '../platforms/once.ts';
import { sqlite, type World } from '../world.ts';
import { ofACall, ofHosted, openOnceByHttp } from './once.ts';
import { playScenarios } from './play.ts';

playScenarios('once', openOnceByHttp, { sqlite }, { which: ofACall });

async function openEmbedded(world: World) {
  const file = await sqlite();
  const store = await openSqliteStore({ path: file.url.slice('sqlite:'.length), clock: world.now });
  return openOnce({
    transport: createTransport(store.claims, createWaiting(store.claims)),
    async close() {
      await store.close();
      await file.close();
    },
  });
}

playScenarios('once, embedded', openEmbedded, { sqlite }, { which: ofACall });

playScenarios('once, hosted', openOnceByHttp, { sqlite }, { which: ofHosted, hostedOnly: {} });
