import { Button } from '@graphiql/react';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { Sessions } from './sessions.ts';
import type { Settings } from './settings.ts';

interface LoginFormProps {
  /** The vCenters to choose from. */
  readonly vcenters: readonly string[];
  readonly settings: Settings;
  readonly sessions: Sessions;
  readonly onDone: (statusMessage: string) => void;
}

/** The form for a vCenter, a user name and a password. */
export function LoginForm({ vcenters, settings, sessions, onDone }: LoginFormProps) {
  const id = useId();
  const user = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);

  // The dialog would else begin at the button that closes it.
  useEffect(() => (user.current?.value === '' ? user : password).current?.focus(), []);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    const vcenter = text('vcenter');
    setBusy(true);
    setFailure('');
    try {
      await sessions.logIn({
        vcenter,
        userName: text('userName'),
        password: text('password'),
      });
      onDone(`Logged in to ${vcenter}.`);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setBusy(false);
      password.current?.select();
    }
  };

  return (
    <form className="session-form" onSubmit={submit}>
      <label htmlFor={`${id}vcenter`}>vCenter</label>
      <select id={`${id}vcenter`} name="vcenter">
        {vcenters.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <label htmlFor={`${id}user`}>User name</label>
      <input
        ref={user}
        id={`${id}user`}
        name="userName"
        required
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="administrator@vsphere.local"
        defaultValue={settings.simulator ? 'administrator@vsphere.local' : ''}
        aria-describedby={settings.simulator ? `${id}hint` : undefined}
      />
      <label htmlFor={`${id}password`}>Password</label>
      <input
        ref={password}
        id={`${id}password`}
        name="password"
        type="password"
        required
        autoComplete="current-password"
        aria-describedby={`${id}failure`}
      />
      {settings.needsRouterSecret && (
        <p className="session-note">
          This subgraph has a ROUTER_SECRET: write <code>x-router-secret</code> to the Headers of
          the open tab before you log in.
        </p>
      )}
      {settings.simulator && (
        <p className="session-note" id={`${id}hint`}>
          This is the embedded simulator: every user can log in with the password <code>demo</code>.
        </p>
      )}
      <p className="session-failure" role="alert" id={`${id}failure`}>
        {failure}
      </p>
      <Button type="submit" className="session-submit" disabled={busy}>
        {busy ? 'Logging in …' : 'Log in'}
      </Button>
    </form>
  );
}
