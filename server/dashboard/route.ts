import { useLayoutEffect, useState } from 'preact/hooks';

/** Where one is, kept behind the `#` of the address, so that no key of a user is in a server's or a proxy's log. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'keys'; readonly prefix: string; readonly status: string }
  | { readonly page: 'key'; readonly key: string };

export function readRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?', 2);
  const key = /^\/keys\/(.+)$/.exec(path)?.[1];
  if (key !== undefined) return { page: 'key', key: decode(key) };
  if (path !== '/keys') return { page: 'overview' };
  const query = new URLSearchParams(search);
  return { page: 'keys', prefix: query.get('prefix') ?? '', status: query.get('status') ?? '' };
}

export function hrefOf(route: Route): string {
  if (route.page === 'overview') return '#/';
  if (route.page === 'key') return `#/keys/${encodeURIComponent(route.key)}`;
  const given = Object.entries({ prefix: route.prefix, status: route.status }).filter(
    ([, value]) => value !== '',
  );
  return given.length === 0 ? '#/keys' : `#/keys?${new URLSearchParams(given).toString()}`;
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => readRoute(location.hash));
  // A layout effect runs before anybody can follow a link.
  useLayoutEffect(() => {
    const read = (): void => {
      setRoute(readRoute(location.hash));
    };
    addEventListener('hashchange', read);
    return () => {
      removeEventListener('hashchange', read);
    };
  }, []);
  return route;
}

/** Somebody may have typed it. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
