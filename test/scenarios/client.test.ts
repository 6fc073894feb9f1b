import { openClient } from '../platforms/client.ts';
import { playScenarios } from './play.ts';

// Within five seconds the client leaves no time to wait for a key in flight.
playScenarios('client', (connection) => openClient(connection, { deadlineMs: 5_000 }));
