/** `sqlite`, `postgres` or `redis`: of what kind a store's URL is, however its scheme is spelt. */
export function kindOf(url: string): string {
  const scheme = url.slice(0, url.indexOf(':'));
  return scheme === 'postgresql' ? 'postgres' : scheme === 'rediss' ? 'redis' : scheme;
}

/** A store's URL as it may be logged: whoever reads logs need not know the password of a database. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/*[^:/@]*):.*@/is, '$1:***@').replace(/([?&]password=)[^&]*/gi, '$1***');
}
