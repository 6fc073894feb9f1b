import { createHttp } from '../../client/src/http.ts';
import { openOnce } from '../platforms/once.ts';
import type { Connection, Platform } from '../platforms/platform.ts';
import { scenarios, type Scenario } from './scenarios.ts';

/** Of what users are promised, all that one call can show: it releases, looks up and locks nothing, and words no stops. */
const NOT_OF_A_CALL = [
  'a delivery after the work is done stops, and says what came of it',
  'a released key goes to the next run',
  'an empty result is not stored as done, where that is asked for',
  'a key can be looked up at any time, known or not',
  'a key that is checked once lets one run go on, and the next after its time',
  'what happened says on which platform it did, and every run that was stopped counts once',
];

export const ofACall: readonly Scenario[] = scenarios.filter(({ name }) => !NOT_OF_A_CALL.includes(name));

/** The hosted service counts no attempts, and asks no person: a call that wants it is refused, as `client/test/hosted.test.ts` shows. */
const NOT_OF_HOSTED = [
  'a run is told which attempt it is, after a failure and after a death',
  'a key whose attempts are used up is told, with its last reason',
  'where a person is to decide, a run that died is told, not repeated',
];

export const ofHosted = ofACall.filter(({ name }) => !NOT_OF_HOSTED.includes(name));

/** The package, asking a server over HTTP. */
export const openOnceByHttp = ({ baseUrl, apiKey }: Connection): Platform =>
  openOnce({ transport: createHttp({ url: baseUrl, apiKey }), close: () => Promise.resolve() });
