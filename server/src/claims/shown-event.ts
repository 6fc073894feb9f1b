import { jobOf, type KeyEvent } from './events.ts';

/** An event as it leaves the server: an item of `/v1/events`, and what a hook is told. */
export function shownEvent(event: Omit<KeyEvent, 'by'>) {
  const { id, at, type, key, run, attempt, firstSeenAt, errorCode } = event;
  return {
    id: String(id),
    at: new Date(at).toISOString(),
    type,
    job: jobOf(key),
    event_key: key.slice(key.indexOf(':') + 1),
    key,
    run,
    attempt,
    first_seen_at: new Date(firstSeenAt).toISOString(),
    error_code: errorCode,
  };
}
