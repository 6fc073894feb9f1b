import { openMake } from '../platforms/make.ts';
import { playScenarios } from './play.ts';

// A module waits for a key in flight for twenty seconds; here it gives up sooner.
playScenarios('make', (connection) => openMake(connection, { waitSeconds: 0.2 }));
