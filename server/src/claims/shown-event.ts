import type { KeyEvent } from './events.ts';

/** An event as it leaves the server: an item of `/v1/events`, and what a hook is told. */
export function shownEvent(event: Omit<KeyEvent, 'by'>) {
  const { id, at, type, key, run, attempt, firstSeenAt, errorCode } = event;
  const colon = key.indexOf(':');
  return {
    id: String(id),
    at: new Date(at).toISOString(),
    type,
    job: colon < 0 ? null : key.slice(0, colon),
    event_key: key.slice(colon + 1),
    key,
    run,
    attempt,
    first_seen_at: new Date(firstSeenAt).toISOString(),
    error_code: errorCode,
  };
}
