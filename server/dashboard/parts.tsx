import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Failure } from './api.ts';
import { formatMoment } from './format.ts';
import type { Tone } from './words.ts';

/**
 * The heading of a page. It takes the focus, so that the keyboard and a screen reader begin where the page begins: before
 * anybody can see the page, since later it would take the focus from a field that somebody types into.
 */
export function Title({ children, name }: { children: ComponentChildren; name: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    document.title = `${name} · OnceOnly`;
    heading.current?.focus();
  }, [name]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

export function Pill({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`pill ${tone}`}>{children}</span>;
}

export function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={at}>
      {formatMoment(at)}
    </time>
  );
}

/** For the first moment of a part, as high as what will be there. */
export function Loading({ what, lines = 3 }: { what: string; lines?: number }) {
  return (
    <div class="loading" role="status">
      <span class="hidden">Loading {what} …</span>
      {Array.from({ length: lines }, (_, line) => (
        <div class="bone" key={line} />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      <p>{children}</p>
    </div>
  );
}

/** What went wrong, with what to do; above older data where there is some. */
export function Trouble({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  return (
    <div class="trouble" role="alert">
      <p>{failure.message}</p>
      <button type="button" class="small" onClick={onRetry}>
        Try again now
      </button>
    </div>
  );
}
