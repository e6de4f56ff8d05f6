/** What the help of `simulate` prints after its options. */
export const simulateHelp = `
The token demo, of an administrator's session, is known, and any user name with the password demo. Users
other than the administrator lack the privilege Sessions.TerminateSession, so that reading everyone's sessions
fails with NoPermission for whoever has the token of this:

  curl -X POST -u guest:demo http://127.0.0.1:8989/api/session

Faults are injected by PUT, one or a list of them, listed by GET and ended by DELETE. This one lets vAPI fail
once:

  curl -X PUT http://127.0.0.1:8989/simulator/faults -d '{"api":"vapi","vapiError":"SERVICE_UNAVAILABLE","times":1}'

The latest calls are listed by GET, with digests in the place of tokens, and forgotten by DELETE:

  curl http://127.0.0.1:8989/simulator/calls`;
