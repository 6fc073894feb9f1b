import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { Account } from './answers.ts';
import { createApi, type Failure } from './api.ts';
import { Frame } from './frame.tsx';
import { KeyPage } from './key-page.tsx';
import { Keys } from './keys.tsx';
import { Overview } from './overview.tsx';
import { Loading, Trouble } from './parts.tsx';
import { useRoute } from './route.ts';
import { SignIn } from './sign-in.tsx';

type Session =
  | { readonly is: 'unknown'; readonly message: string | null }
  | { readonly is: 'none'; readonly ended: boolean }
  | { readonly is: 'open'; readonly account: Account };

const STAYS: Failure = {
  kind: 'other',
  message: 'You may still be signed in: the server did not confirm that you are signed out.',
};

export function App() {
  const [session, setSession] = useState<Session>({ is: 'unknown', message: null });
  const [stays, setStays] = useState(false);
  const route = useRoute();
  const api = useMemo(
    () =>
      createApi(() => {
        setSession((before) => (before.is === 'none' ? before : { is: 'none', ended: before.is === 'open' }));
      }),
    [],
  );

  const begin = useCallback(async (): Promise<void> => {
    const answer = await api.me();
    if ('body' in answer) setSession({ is: 'open', account: answer.body });
    else if (answer.failure.kind !== 'signed_out')
      setSession({ is: 'unknown', message: answer.failure.message });
  }, [api]);

  useEffect(() => void begin(), [begin]);

  if (session.is === 'none') {
    return <SignIn api={api} ended={session.ended} onDone={() => void begin()} />;
  }
  if (session.is === 'unknown') {
    return (
      <main>
        {session.message === null ? (
          <Loading what="the dashboard" />
        ) : (
          <Trouble failure={{ kind: 'other', message: session.message }} onRetry={() => void begin()} />
        )}
      </main>
    );
  }

  async function signOut(): Promise<void> {
    const answer = await api.signOut();
    const isOut = 'body' in answer || answer.failure.kind === 'signed_out';
    setStays(!isOut);
    if (isOut) setSession({ is: 'none', ended: false });
  }

  return (
    <Frame account={session.account} route={route} onSignOut={() => void signOut()}>
      {stays && <Trouble failure={STAYS} onRetry={() => void signOut()} />}
      {route.page === 'overview' && <Overview api={api} />}
      {route.page === 'keys' && <Keys api={api} prefix={route.prefix} status={route.status} />}
      {route.page === 'key' && <KeyPage key={route.key} api={api} name={route.key} />}
    </Frame>
  );
}
