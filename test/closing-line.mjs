/** The last line of a run, for people and for machines: `N passed, N failed`. Where CI is set, a skipped test fails it. */
export default class ClosingLine {
  #skipped = 0;

  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    this.#skipped = results.numPendingTests + results.numTodoTests;
    const skipped = this.#skipped > 0 ? `, ${this.#skipped} skipped` : '';
    // Other reporters speak after this one; nobody speaks after the end.
    process.once('exit', () =>
      process.stdout.write(`${results.numPassedTests} passed, ${failed} failed${skipped}\n`),
    );
  }

  getLastError() {
    if (process.env.CI && this.#skipped > 0) return new Error(`${this.#skipped} tests were skipped.`);
  }
}
