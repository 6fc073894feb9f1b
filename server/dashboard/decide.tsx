import type { TargetedEvent } from 'preact';
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Api, Failure, Outcome } from './api.ts';
import { DECISIONS } from './words.ts';

/** What a person saw, and is about to decide. */
export interface Question {
  readonly key: string;
  readonly version: number;
  readonly outcome: Outcome;
}

/**
 * What a page needs on which keys can be decided about: `ask` opens the dialog, `told` says what was decided. Afterwards
 * the page looks again, and the focus goes where `focus` puts it: the button that opened the dialog may be gone.
 */
export function useDecisions({ api, refresh, focus }: { api: Api; refresh: () => void; focus: () => void }) {
  const [asked, setAsked] = useState<{ question: Question; nth: number } | null>(null);
  const count = useRef(0);
  const [message, setMessage] = useState('');
  const ask = useCallback((question: Question) => {
    count.current += 1;
    setAsked({ question, nth: count.current });
  }, []);
  const dialog = asked && (
    <Decide
      key={asked.nth}
      api={api}
      question={asked.question}
      onLookAgain={refresh}
      onClose={() => {
        // The browser tells it later: the next question may have been asked by then.
        setAsked((now) => (now === asked ? null : now));
      }}
      onDone={(done) => {
        setMessage(done);
        refresh();
        focus();
      }}
      onFailed={setMessage}
    />
  );
  const told = (
    <p class="told" role="status">
      {message}
    </p>
  );
  return { ask, told, dialog };
}

/**
 * Asks once more before a decision is sent. It counts for the version of the record that the person saw: where that
 * has changed since, nothing is decided, and `onLookAgain` is offered.
 */
function Decide(props: {
  api: Api;
  question: Question;
  onDone: (message: string) => void;
  /** It failed after somebody had closed the dialog. */
  onFailed: (message: string) => void;
  onClose: () => void;
  onLookAgain: () => void;
}) {
  const { api, question, onDone, onFailed, onClose, onLookAgain } = props;
  const { key, version, outcome } = question;
  const words = DECISIONS[outcome];
  const dialog = useRef<HTMLDialogElement>(null);
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  useLayoutEffect(() => dialog.current?.showModal(), []);

  async function decide(): Promise<void> {
    setBusy(true);
    // What was decided is told by the reason alone.
    const reason = note.trim() === '' ? words.reason : `${words.reason}: ${note.trim()}`;
    const answer = await api.resolve({ key, version, outcome, reason });
    setBusy(false);
    if ('failure' in answer) {
      setFailure(answer.failure);
      const { kind, message } = answer.failure;
      const what =
        kind === 'no_answer' ? `Perhaps “${key}” was decided, perhaps not.` : `“${key}” was not decided.`;
      if (dialog.current?.open !== true) onFailed(`${what} ${message}`);
      return;
    }
    dialog.current?.close();
    onDone(`“${key}” ${words.done}.`);
  }

  function submit(event: TargetedEvent<HTMLFormElement, SubmitEvent>): void {
    event.preventDefault();
    if (!busy) void decide();
  }

  const isGone = failure?.kind === 'changed' || failure?.kind === 'not_found';
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="decide-title" aria-describedby="decide-means">
      <form onSubmit={submit}>
        <h2 id="decide-title">{words.title}</h2>
        <p class="dialog-key">
          <code>{key}</code>
        </p>
        <p id="decide-means">{words.means}</p>
        {!isGone && (
          <>
            <label for="decide-note">Note (may stay empty)</label>
            <input
              id="decide-note"
              value={note}
              maxLength={200}
              autocomplete="off"
              onInput={(event) => {
                setNote(event.currentTarget.value);
              }}
            />
            <p class="help">The key’s history keeps it, and says who decided.</p>
          </>
        )}
        <div role="alert">{failure !== null && <p class="trouble-text">{sentence(failure)}</p>}</div>
        <div class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          {isGone ? (
            <button
              type="button"
              class="primary"
              onClick={() => {
                dialog.current?.close();
                onLookAgain();
              }}
            >
              Look again
            </button>
          ) : (
            <button type="submit" class="primary" aria-disabled={busy}>
              {busy ? 'Saving …' : words.button}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}

function sentence({ kind, message }: Failure): string {
  if (kind === 'changed' || kind === 'not_found') {
    return 'This key has changed since you looked at it, so nothing was decided. Look again before you decide.';
  }
  // A decision counts for one version of the key.
  return kind === 'no_answer'
    ? `${message} Perhaps it was decided. You can try again: nothing is decided twice.`
    : message;
}
