import { type OrganizationId, type PartyKind, parseOrganizationId } from "../../domain/index.ts";
import { type MatchOrganization, type MatchOutcome, type MatchParty, type MatchUser, matchAll } from "./index.ts";

// Parties, organizations and users as short as a test wants to write them.
export const realm = "9130357766900456";

export function party(key: `${PartyKind}:${number}`, said: Partial<MatchParty> = {}): MatchParty {
  const [kind, id] = key.split(":") as [PartyKind, string];
  return { key: { kind, id }, keyText: `qbo:${realm}:${key}`, names: [], addresses: [], eligible: true, ...said };
}

export function organization(id: number, name: string, said: Partial<MatchOrganization> = {}): MatchOrganization {
  return { id: parseOrganizationId(id), name, domains: [], keys: [], heldBy: "nobody", ...said };
}

export function user(address: string, organizationId?: number, agent = false): MatchUser {
  return {
    addresses: [address],
    organizationId: organizationId === undefined ? undefined : (organizationId as OrganizationId),
    agent,
  };
}

export function outcomes(parties: MatchParty[], organizations: MatchOrganization[], users: MatchUser[] = []) {
  const found = matchAll(
    { parties, organizations, users },
    parties.filter(({ eligible }) => eligible).map(({ keyText }) => keyText),
  );
  return Object.fromEntries(
    [...found].map(([keyText, outcome]) => [keyText.split(":").slice(2).join(":"), brief(outcome)]),
  );
}

/** `link 1 email`, `create`, `review several-parties 1,2`. */
export function brief(outcome: MatchOutcome): string {
  if (outcome.kind === "link") return `link ${outcome.organizationId} ${outcome.step}`;
  if (outcome.kind === "create") return "create";
  return `review ${outcome.reason} ${outcome.candidates.map(({ organizationId }) => organizationId).join(",")}`;
}
