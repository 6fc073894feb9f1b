import { join } from 'node:path';
import { lacking, suitesOf } from './left-out.mjs';

/**
 * The last lines of a run, for people and for machines: what was left out and how to have it, then `N passed, N failed`.
 * Where CI is set, a skipped test or a suite that was left out fails it.
 */
export default class ClosingLine {
  #config;
  #faults = [];

  constructor(config) {
    this.#config = config;
  }

  onRunComplete(_contexts, results) {
    const { rootDir, testPathPatterns } = this.#config;
    const wanted = testPathPatterns.toExecutor({ rootDir });
    const lines = [];
    const packages = [];
    for (const need of lacking()) {
      const suites = suitesOf(rootDir, need).filter((suite) => wanted.isMatch(join(rootDir, suite)));
      if (suites.length === 0) continue;
      this.#faults.push(`${suites.length} suites were left out.`);
      lines.push(`Left out, since there is no ${need.programs.join(' or ')} here: ${suites.join(', ')}`);
      packages.push(need.debian);
    }
    if (packages.length > 0) lines.push(`To run them too: sudo apt-get install ${packages.join(' ')}`);
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    if (skipped > 0) this.#faults.push(`${skipped} tests were skipped.`);
    const count = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    // Other reporters speak after this one; nobody speaks after the end.
    process.once('exit', () => process.stdout.write(`${[...lines, count].join('\n')}\n`));
  }

  getLastError() {
    if (process.env.CI && this.#faults.length > 0) return new Error(this.#faults.join(' '));
  }
}
