import type { ComponentChildren } from 'preact';
import type { Account } from './answers.ts';
import { hrefOf, type Route } from './route.ts';

export function Mark() {
  return (
    <span class="mark">
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <rect width="32" height="32" rx="8" />
        <path d="M8 16h8" />
        <circle cx="21" cy="16" r="4.5" />
      </svg>
      OnceOnly
    </span>
  );
}

const PAGES: readonly (readonly [label: string, route: Route, pages: readonly Route['page'][]])[] = [
  ['Overview', { page: 'overview' }, ['overview']],
  ['Keys', { page: 'keys', prefix: '', status: '' }, ['keys', 'key']],
];

/** What is around every page of a session. */
export function Frame(props: {
  account: Account;
  route: Route;
  onSignOut: () => void;
  children: ComponentChildren;
}) {
  const { account, route, onSignOut, children } = props;
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the page
      </a>
      <header class="top">
        <div class="top-in">
          <Mark />
          <nav aria-label="Pages">
            {PAGES.map(([label, to, pages]) => (
              <a href={hrefOf(to)} key={label} aria-current={pages.includes(route.page) ? 'page' : undefined}>
                {label}
              </a>
            ))}
          </nav>
          <div class="who">
            <span class="tenant" title={`Signed in with ${account.key_id}`}>
              {account.tenant}
            </span>
            <button type="button" class="small" onClick={onSignOut}>
              Sign out
            </button>
          </div>
        </div>
      </header>
      <main id="main">{children}</main>
    </>
  );
}

/** The address behind the # says which page this is, and must stay. */
function skip(event: Event): void {
  event.preventDefault();
  document.querySelector('h1')?.focus();
}
