import { openPostgresStore } from '../../server/src/store/postgres/store.ts';
import { empty, UNSYNCED, usePostgres } from '../../server/test/store/postgres-fixture.ts';
import { openClient } from '../platforms/client.ts';
import type { OpenStoreUnderTest } from '../world.ts';
import { ofACall, openOnceByHttp } from './once.ts';
import { playScenarios } from './play.ts';

const database = usePostgres(UNSYNCED);

const stores: Readonly<Record<string, OpenStoreUnderTest>> = {
  async postgres() {
    const { url } = database();
    await empty(url);
    return {
      url,
      open: (testClock) => openPostgresStore({ url, clock: Date.now, testClock }),
      close: () => Promise.resolve(),
    };
  },
};

playScenarios('client', (connection) => openClient(connection, { deadlineMs: 5_000 }), stores);
playScenarios('once', openOnceByHttp, stores, { which: ofACall });
