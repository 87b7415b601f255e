// Matching: which organization is this party's, and what is the organization called that we create for it?
// Not the loading of the world to match in (sync/links), and no memory: remembered links and people's answers come before it.
// Called by reconcile and links to decide, by the replica and the directory to index addresses, stems and name keys.
export { corporateDomain, emailAddresses, emailDomain, isFreeMail } from "./email-addresses.ts";
export { match, matchAll } from "./match.ts";
export { fitsPattern, longestPattern } from "./name-pattern.ts";
export { type NearForm, nearEnough, nearForm, nearKeys, nearness } from "./near-names.ts";
export { nameFormsVersion, normaliseName } from "./normalise-name.ts";
export { nameKey, organizationName, rankForName, type SuffixLevel } from "./organization-name.ts";
export { type PartyNames, partyNames } from "./party-names.ts";
export type { MatchOrganization, MatchOutcome, MatchParty, MatchUser, MatchWorld } from "./world.ts";
