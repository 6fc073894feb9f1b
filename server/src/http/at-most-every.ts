/** Does the work at most once in so many milliseconds; whoever asks meanwhile shares the answer, or the failure. */
export function atMostEvery<T>(everyMs: number, work: () => Promise<T>): () => Promise<T> {
  let last: { readonly answer: Promise<T>; readonly at: number } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at >= everyMs) last = { answer: work(), at: now };
    return last.answer;
  };
}
