// OAuth 2.0 as Intuit runs it: consent, codes, tokens that rotate, revocation, who is calling.
// Not HTTP: routes and headers are in http/.
// Called by http and control.
export {
  type AuthorizeReply,
  authorizeFault,
  authorizeRequest,
  consentPage,
  decide,
  refusedPage,
} from "./authorize.ts";
export { authenticate, authorizeRealm } from "./bearer.ts";
export { copyTokens } from "./copy-tokens.ts";
export { discovery, userInfo } from "./documents.ts";
export { createTokens, type Grant, type Tokens } from "./grants.ts";
export { createIdTokens, type IdTokens } from "./id-token.ts";
export {
  answerRevoke,
  answerTokenRequest,
  countRefresh,
  type OAuthApp,
  type OAuthWorld,
  type TokenReply,
} from "./token-endpoint.ts";
