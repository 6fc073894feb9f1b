/* global expect */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** jest begins a suite anew, without a word, where its process has died. Nothing that dies here shall look green. */
const { testPath } = expect.getState();
try {
  writeFileSync(join(process.env.TEST_RUN_FOLDER, encodeURIComponent(testPath)), '', { flag: 'wx' });
} catch (error) {
  if (error.code !== 'EEXIST') throw error;
  throw new Error('The process that ran this suite has died.', { cause: error });
}
