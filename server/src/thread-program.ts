/**
 * The program of a worker thread: the source if Node can run TypeScript, otherwise its bundle in `dist`. In a bundle, it is beside the
 * bundle.
 * @param source Relative to this folder.
 */
export const threadProgram = (source: string, bundle: string): URL =>
  new URL(
    !import.meta.url.endsWith('.ts')
      ? `./${bundle}`
      : process.features.typescript
        ? `./${source}`
        : `../dist/${bundle}`,
    import.meta.url,
  );
