// Who may do what: operators with passwords and sessions, API keys, roles on connections, invitations.
// Not HTTP (cookies and headers are http/operator's) and not consent at the two systems (connections).
// Called by the operator API, by the commands `operators` and `api-keys`, and by boot.
export {
  type AccessPorts,
  addOperator,
  changeOperator,
  type Invited,
  inviteAgain,
  makeApiKey,
  revokeApiKey,
} from "./administer.ts";
export { authenticate } from "./authenticate.ts";
export { acceptInvitation, inviteFirst } from "./invite.ts";
export { hashPassword, isPassword, passwordProblem } from "./passwords.ts";
export type {
  AccessJournal,
  AccessRow,
  ApiKey,
  ApiKeyStore,
  Caller,
  InvitationStore,
  NewApiKey,
  Operator,
  OperatorStore,
  SessionStore,
  SignInFailureStore,
} from "./ports.ts";
export { type Grant, includesRole, type Role, roleOn, roleOnDeployment, visibleOf } from "./roles.ts";
export { apiKeyPrefix, hashOf, makeSecret, type RandomBytes } from "./secrets.ts";
export { csrfTokenOf, type SignInPorts, signIn } from "./sign-in.ts";
