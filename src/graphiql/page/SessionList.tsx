import { Button } from '@graphiql/react';
import { useState } from 'react';
import type { LoggedIn } from './session-api.ts';
import type { Sessions } from './sessions.ts';

interface SessionListProps {
  readonly sessions: Sessions;
  readonly onDone: (statusMessage: string) => void;
}

/** The sessions of this page, each with a button that ends it. */
export function SessionList({ sessions, onDone }: SessionListProps) {
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  if (sessions.loggedIn.length === 0) return null;

  const logOut = async (session: LoggedIn) => {
    setBusy(true);
    try {
      await sessions.logOut(session);
      onDone(`Logged out of ${session.vcenter}.`);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <>
      <ul className="session-list" aria-label="Logged in to">
        {sessions.loggedIn.map((session) => (
          <li key={session.vcenter}>
            <span>
              <strong>{session.userName}</strong> on {session.vcenter}
            </span>
            <Button
              type="button"
              disabled={busy}
              aria-label={`Log out of ${session.vcenter}`}
              onClick={() => logOut(session)}
            >
              Log out
            </Button>
          </li>
        ))}
      </ul>
      <p className="session-failure" role="alert">
        {failure}
      </p>
    </>
  );
}
