/**
 * A batch in which something failed, in two: each half is done by itself, and what failed is found in few transactions. One by one
 * they would take as many as there are requests.
 */
export function halves<Item>(batch: readonly Item[]): readonly [readonly Item[], readonly Item[]] {
  const middle = Math.ceil(batch.length / 2);
  return [batch.slice(0, middle), batch.slice(middle)];
}
