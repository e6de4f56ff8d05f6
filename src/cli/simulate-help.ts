/** The text after the options in the help of `simulate`. */
export const simulateHelp = `
The administrator has a session with the token demo, and every user can log in with the password demo. Users
other than the administrator lack the privilege Sessions.TerminateSession: with this token, sessionList fails
with NoPermission:

  curl -X POST -u guest:demo http://127.0.0.1:8989/api/session

PUT injects a fault, or a list of faults, in place of those in force; GET lists them, DELETE ends them. This
one makes vAPI fail once:

  curl -X PUT http://127.0.0.1:8989/simulator/faults -d '{"api":"vapi","vapiError":"SERVICE_UNAVAILABLE","times":1}'

GET lists the latest calls, with digests in place of tokens; DELETE clears the log:

  curl http://127.0.0.1:8989/simulator/calls

docs/simulator.md has the reference of the faults.`;
