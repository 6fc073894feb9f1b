/** A count with its word, such as `1 key` or `2,000 keys`. */
export const plural = (count: number, one: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : `${one}s`}`;
