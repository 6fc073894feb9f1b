/** A store's URL as it may be logged: whoever reads logs need not know the password of a database. */
export function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/*[^:/@]*):.*@/is, '$1:***@').replace(/([?&]password=)[^&]*/gi, '$1***');
}
