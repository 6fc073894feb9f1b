import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Answer, Failure } from './api.ts';

/** What is shown of an answer that is asked for again and again. Older data stays while a newer look fails. */
export interface Live<Body> {
  readonly data: Body | null;
  readonly failure: Failure | null;
  /** Asks now. */
  readonly refresh: () => void;
}

/** What came last, and of what it is an answer. */
interface Answered<Body> extends Omit<Live<Body>, 'refresh'> {
  readonly load: () => Promise<Answer<Body>>;
}

const NOTHING_YET = { data: null, failure: null };

const repeated = ({ kind, message }: Failure): Failure => ({
  kind,
  message: kind === 'no_answer' ? `${message} This page tries again by itself.` : message,
});

/**
 * Asks at once and then `everyMs` after each answer, while the page can be seen; again at once when it is seen again.
 * `load` begins anew where it is another function than before.
 */
export function useLive<Body>(load: () => Promise<Answer<Body>>, everyMs: number): Live<Body> {
  const [answered, setAnswered] = useState<Answered<Body>>({ load, data: null, failure: null });
  const ask = useRef<() => void>(() => undefined);
  const pause = useRef(everyMs);
  pause.current = everyMs;

  useEffect(() => {
    let timer: number | undefined;
    let latest = 0;
    const look = async (): Promise<void> => {
      clearTimeout(timer);
      latest += 1;
      const mine = latest;
      const answer = await load();
      if (mine !== latest) return;
      setAnswered((before) =>
        'body' in answer
          ? { load, data: answer.body, failure: null }
          : { load, data: before.load === load ? before.data : null, failure: repeated(answer.failure) },
      );
      if (!document.hidden) timer = setTimeout(start, pause.current);
    };
    const start = (): void => void look();
    const onVisibility = (): void => {
      if (document.hidden) clearTimeout(timer);
      else start();
    };
    ask.current = start;
    start();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      latest += 1;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, [load]);

  const refresh = useCallback(() => {
    ask.current();
  }, []);
  // What was asked for before is not shown for a moment in the place of what is asked for now.
  const { data, failure } = answered.load === load ? answered : NOTHING_YET;
  return { data, failure, refresh };
}
