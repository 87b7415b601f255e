import type { Candidate, OrganizationId, ParkReason, PartyKey, WaitKey } from "../../domain/index.ts";

/**
 * A slice of an account, complete around the parties that are asked about:
 * - the organizations that an asked party's addresses (through users, billing e-mail fields or, where that counts, domains) or names lead
 *   to, or that carry its key, with *all* their users;
 * - every party, in scope or not, that has an address of one of these users or fields, where that counts a domain, or a name of one of these
 *   organizations, with all its addresses, the organizations that these lead to, with their users, and the organizations that carry its key;
 * - every party that shares an address with any of the above.
 * More may be in it; what is unrelated changes nothing.
 */
export interface MatchWorld {
  parties: readonly MatchParty[];
  organizations: readonly MatchOrganization[];
  users: readonly MatchUser[];
}

/** One family, or one vendor; a sub-customer alone where families are kept separate. */
export interface MatchParty {
  key: PartyKey;
  /** `qbo:<realm>:<kind>:<id>`: unique in the account, which `key` alone is not. */
  keyText: string;
  /** DisplayName, and CompanyName where there is one, of the top. */
  names: readonly string[];
  /** Valid addresses of the whole family, lower case. */
  addresses: readonly string[];
  /** In scope, not linked, not ignored, without an answer. */
  eligible: boolean;
  linkedTo?: OrganizationId;
  /** The domain of its mail counts: a setting of its connection. */
  byDomain?: boolean;
  /** Where families are kept separate: the key text of the top. Parties of one family are related, and are no rivals. */
  family?: string;
}

export interface MatchOrganization {
  id: OrganizationId;
  name: string;
  domains: readonly string[];
  /** Keys of ours found in external_id or `qbo_key`. */
  keys: readonly string[];
  /** `us`: some party of the account is linked to it. `several-clients`: a person said that it holds several, so it is nobody's. */
  heldBy: "nobody" | "us" | "several-clients";
  /** In the field that the operator names as billing e-mail, lower case. */
  billingAddresses?: readonly string[];
}

export interface MatchUser {
  organizationId: OrganizationId | undefined;
  addresses: readonly string[];
  agent: boolean;
}

export type MatchOutcome =
  | { kind: "link"; organizationId: OrganizationId; step: "key" | "email" | "domain" | "name"; evidence: string[] }
  | { kind: "create"; waitsFor: WaitKey[] }
  | { kind: "review"; reason: ParkReason; says: string; candidates: Candidate[]; waitsFor: WaitKey[] };

/** That an organization may be a party's, by one step. */
export interface Claim {
  organization: MatchOrganization;
  evidence: string[];
  /** 0..1, for the order in which candidates are shown. */
  score: number;
  /** Why a person has to look at it first. Of names only. */
  doubt?: Doubt;
}

export interface Doubt {
  reason: "legal-form" | "domain-contradicts";
  says: string;
}
