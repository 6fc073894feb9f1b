import { READINGS, readAs } from '../make/engine/reading.ts';
import { openMake } from '../platforms/make.ts';
import { sqlite } from '../world.ts';
import { playScenarios } from './play.ts';

// A module waits for a key in flight for twenty seconds; here it gives up sooner.
for (const [name, reading] of Object.entries(READINGS)) {
  const open: typeof openMake = (connection) => {
    readAs(reading);
    return openMake(connection);
  };
  playScenarios(`make as ${name}`, open, { sqlite }, { makeDeadlineMs: 6_500 });
}
