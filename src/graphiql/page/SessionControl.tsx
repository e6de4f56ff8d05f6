import { Dialog, UnStyledButton } from '@graphiql/react';
import { useRef, useState } from 'react';
import { useAccessibleEditors } from './editors.ts';
import { SessionDialog } from './SessionDialog.tsx';
import type { Sessions } from './sessions.ts';
import type { Settings } from './settings.ts';
import { useSystemTheme } from './system-theme.ts';
import { useTokenSync } from './token-sync.ts';

/** The button at the top right that tells whether the user is logged in, and opens the dialog for it. */
export function SessionControl({ settings, sessions }: { settings: Settings; sessions: Sessions }) {
  const [open, setOpen] = useState(false);
  const [statusMessage, setStatusMessage] = useState('');
  const button = useRef<HTMLButtonElement>(null);
  useTokenSync(sessions.tokens);
  useAccessibleEditors();
  useSystemTheme();

  const [first, ...others] = sessions.loggedIn;
  const label = others.length > 0 ? `Logged in to ${others.length + 1} vCenters` : first?.userName;
  const close = () => {
    setOpen(false);
    // The dialog would give the focus back to a field of its own, since that had it first.
    setTimeout(() => button.current?.focus());
  };
  const done = (text: string) => {
    setStatusMessage(text);
    close();
  };
  return (
    <div className="session-control">
      <span className="product">vCenter sessions</span>
      <span className="visually-hidden" role="status">
        {statusMessage}
      </span>
      <UnStyledButton
        ref={button}
        type="button"
        className={first === undefined ? 'session-button' : 'session-button logged-in'}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {label ?? 'Log in'}
      </UnStyledButton>
      <Dialog open={open} onOpenChange={close}>
        <SessionDialog settings={settings} sessions={sessions} onDone={done} />
      </Dialog>
    </div>
  );
}
