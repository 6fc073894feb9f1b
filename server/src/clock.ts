/** Epoch milliseconds. Passed in wherever time decides, so that a test can step it. */
export type Clock = () => number;
