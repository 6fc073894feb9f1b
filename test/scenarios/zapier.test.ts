import { openZapier } from '../platforms/zapier.ts';
import { openZapierProcess, type ZapierProcess } from '../platforms/zapier-process.ts';
import { playScenarios } from './play.ts';

let app: ZapierProcess;
beforeAll(async () => {
  // How a step waits its twenty seconds, test/zapier/replay.test.ts shows.
  app = await openZapierProcess({ waitMs: 1_500 });
});
afterAll(() => app.close());

playScenarios('zapier', (connection) => openZapier(connection, app));
