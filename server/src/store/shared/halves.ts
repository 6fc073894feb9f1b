/**
 * Splits a batch in which a request failed. Each half is then run separately, so that the failing request is found in few
 * transactions. Running the requests one by one would take one transaction for each.
 */
export function halves<Item>(batch: readonly Item[]): readonly [readonly Item[], readonly Item[]] {
  const middle = Math.ceil(batch.length / 2);
  return [batch.slice(0, middle), batch.slice(middle)];
}
