import { openZapier } from '../platforms/zapier.ts';
import { openZapierProcess, type ZapierProcess } from '../platforms/zapier-process.ts';
import { playScenarios } from './play.ts';

let app: ZapierProcess;
beforeAll(async () => {
  app = await openZapierProcess();
});
afterAll(() => app.close());

playScenarios('zapier', (connection) => openZapier(connection, app));
