import type { TargetedEvent } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Api } from './api.ts';
import { Mark } from './frame.tsx';
import { Title } from './parts.tsx';

/** The API key goes from its field to the server and nowhere else; the browser keeps a cookie that no script can read. */
export function SignIn({ api, ended, onDone }: { api: Api; ended: boolean; onDone: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState<string | null>(null);

  async function signIn(apiKey: string): Promise<void> {
    setBusy(true);
    const answer = await api.signIn(apiKey);
    setBusy(false);
    const isUnanswered = 'failure' in answer && answer.failure.kind === 'no_answer';
    if (field.current && !isUnanswered) field.current.value = '';
    if ('body' in answer) {
      onDone();
      return;
    }
    const { message } = answer.failure;
    setMessage(
      message === 'Invalid API key'
        ? 'This API key is unknown or was revoked. Copy all of it: it starts with once_live_.'
        : message,
    );
    field.current?.focus();
  }

  function submit(event: TargetedEvent<HTMLFormElement, SubmitEvent>): void {
    event.preventDefault();
    const apiKey = field.current?.value.trim() ?? '';
    if (apiKey === '') setMessage('Enter an API key first.');
    else if (!busy) void signIn(apiKey);
  }

  return (
    <main class="sign-in">
      <Mark />
      <Title name="Sign in">Sign in</Title>
      <p class="muted">
        {ended
          ? 'Your session has ended. Sign in again to go on.'
          : 'See what was stopped, what is stuck, and why.'}
      </p>
      <form onSubmit={submit} noValidate>
        <label for="api-key">Operator API key</label>
        <input
          id="api-key"
          ref={field}
          type="password"
          autocomplete="off"
          spellcheck={false}
          placeholder="once_live_…"
          aria-describedby="api-key-help api-key-message"
          aria-invalid={message !== null}
        />
        <p id="api-key-message" class="field-error" role="alert">
          {message}
        </p>
        <button type="submit" class="primary" aria-disabled={busy}>
          {busy ? 'Signing in …' : 'Sign in'}
        </button>
        <p id="api-key-help" class="help">
          Make a key on the server’s machine:
          <code>onceonly-server api-keys create --tenant NAME --role operator</code>
        </p>
      </form>
    </main>
  );
}
