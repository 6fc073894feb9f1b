/** Takes the place of the embedded store in runtimes other than Node. */
export const openEmbedded = (): Promise<never> =>
  Promise.reject(
    new Error('An embedded store needs Node 22.13 or newer, and runs on nothing else. Use `url`.'),
  );
