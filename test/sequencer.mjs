import TestSequencer from '@jest/test-sequencer';

/** Which come first: long runs, most of which is waiting. Those of the real n8n come last: it may still be installed. */
const rankOf = ({ path }) => (/n8n\/.*\.long\./.test(path) ? 2 : path.includes('.long.') ? 0 : 1);

export default class Sequencer extends TestSequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => rankOf(one) - rankOf(other));
  }
}
