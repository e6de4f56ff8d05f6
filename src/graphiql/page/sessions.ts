import { useEffect, useMemo, useRef, useState } from 'react';
import { type Tokens, tokenHeader } from './headers.ts';
import { type Credentials, type LoggedIn, logIn, logOut } from './session-api.ts';
import type { Settings } from './settings.ts';

/** The sessions of the page, and what can be done with them. */
export interface Sessions {
  readonly loggedIn: readonly LoggedIn[];
  /** What the header editor of each tab should have: the tokens of `loggedIn`, else the simulator's. */
  readonly tokens: Tokens;
  readonly logIn: (credentials: Credentials) => Promise<void>;
  readonly logOut: (session: LoggedIn) => Promise<void>;
}

/** The token that the embedded simulator knows from its start. */
const simulatorToken = 'demo';

/** Keeps the sessions in the page's memory and nowhere else, and ends them when the page is closed. */
export function useSessions(settings: Settings): Sessions {
  const [loggedIn, setLoggedIn] = useState<readonly LoggedIn[]>([]);
  const latest = useRef(loggedIn);
  latest.current = loggedIn;

  // A token that only the page has is lost with the page: its session would be left behind on the vCenter.
  useEffect(() => {
    const leave = (event: PageTransitionEvent) => {
      if (event.persisted) return;
      for (const session of latest.current) logOut(session, true).catch(() => {});
    };
    window.addEventListener('pagehide', leave);
    return () => window.removeEventListener('pagehide', leave);
  }, []);

  const tokens = useMemo(() => {
    const map = new Map<string, string>();
    for (const id of settings.vcenters) {
      const token = loggedIn.find((session) => session.vcenter === id)?.token;
      if (token !== undefined) map.set(tokenHeader(settings.vcenters, id), token);
      else if (settings.simulator) map.set(tokenHeader(settings.vcenters, id), simulatorToken);
    }
    return map;
  }, [settings, loggedIn]);

  return {
    loggedIn,
    tokens,
    async logIn(credentials) {
      const token = await logIn(credentials);
      const { vcenter, userName } = credentials;
      setLoggedIn((sessions) => [
        ...sessions.filter((session) => session.vcenter !== vcenter),
        { vcenter, userName, token },
      ]);
    },
    async logOut(session) {
      await logOut(session);
      setLoggedIn((sessions) => sessions.filter((other) => other !== session));
    },
  };
}
