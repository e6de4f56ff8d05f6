import { Dialog } from '@graphiql/react';
import { LoginForm } from './LoginForm.tsx';
import { SessionList } from './SessionList.tsx';
import type { Sessions } from './sessions.ts';
import type { Settings } from './settings.ts';

interface SessionDialogProps {
  readonly settings: Settings;
  readonly sessions: Sessions;
  /** Called with a sentence for screen readers when there is nothing left to do in the dialog. */
  readonly onDone: (statusMessage: string) => void;
}

/** Where the user logs in to a vCenter, and out of those that they are logged in to. */
export function SessionDialog({ settings, sessions, onDone }: SessionDialogProps) {
  const open = settings.vcenters.filter(
    (id) => !sessions.loggedIn.some(({ vcenter }) => vcenter === id),
  );
  return (
    <>
      <div className="graphiql-dialog-header">
        <Dialog.Title className="graphiql-dialog-title">
          {open.length > 0 ? 'Log in to a vCenter' : 'Logged in'}
        </Dialog.Title>
        <Dialog.Close />
      </div>
      <div className="graphiql-dialog-section session-dialog">
        <Dialog.Description className="session-note">
          The token of the new session is written to the Headers of every tab but the one without a
          token. It is kept nowhere else, and neither is the password: reloading or closing this
          page logs you out.
        </Dialog.Description>
        <SessionList sessions={sessions} onDone={onDone} />
        {open.length > 0 && (
          <LoginForm vcenters={open} settings={settings} sessions={sessions} onDone={onDone} />
        )}
      </div>
    </>
  );
}
