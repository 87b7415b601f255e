import type { OrganizationId } from "../../domain/index.ts";
import { corporateDomain, emailDomain } from "./email-addresses.ts";
import { endsInWordLikeForm, legalFormsAgree } from "./legal-forms.ts";
import { normaliseName } from "./normalise-name.ts";
import type { Claim, Doubt, MatchOrganization, MatchParty } from "./world.ts";
import { addressOfCompany, type WorldIndex } from "./world-index.ts";

/** Addresses that say who this party is: nobody else's, and none of our own agents'. */
function ownAddresses(index: WorldIndex, party: MatchParty): string[] {
  return [...new Set(party.addresses)]
    .filter(
      (address) =>
        index.addressOwner.get(addressOfCompany(party, address)) === party && !index.agentAddresses.has(address),
    )
    .sort();
}

/** Step 2: the free organizations of the end users who have an address of the party, or that name it as their billing address, by id. */
export function claimsByEmail(index: WorldIndex, party: MatchParty): Claim[] {
  const found = new Map<OrganizationId, Claim>();
  for (const address of ownAddresses(index, party)) {
    for (const id of index.organizationsOf.get(address) ?? [])
      claim(index, found, id, { score: 0.9, says: `a user with the address ${address} belongs to it` });
    for (const id of index.billedAt.get(address) ?? [])
      claim(index, found, id, { score: 0.95, says: `its billing e-mail field has the address ${address}` });
  }
  return [...found.values()].sort(compareClaims);
}

/** Step 3, where the operator wants it: the free organizations one of whose domain names is that of an address of the party, by id. */
export function claimsByDomain(index: WorldIndex, party: MatchParty): Claim[] {
  const found = new Map<OrganizationId, Claim>();
  const domains = party.byDomain ? ownAddresses(index, party).map(emailDomain) : [];
  for (const domain of new Set(domains.filter((name) => corporateDomain(name) !== undefined)))
    for (const id of index.withDomain.get(domain) ?? [])
      claim(index, found, id, { score: 0.85, says: `its domain ${domain} is that of the party's mail` });
  return [...found.values()].sort(compareClaims);
}

/** An organization that agents belong to is us: what leads there says nothing. */
function claim(
  index: WorldIndex,
  found: Map<OrganizationId, Claim>,
  id: OrganizationId,
  { score, says }: { score: number; says: string },
): void {
  const organization = index.free.get(id);
  if (!organization || index.agentOrganizations.has(id)) return;
  const known = found.get(id) ?? { organization, evidence: [], score };
  found.set(id, { ...known, evidence: [...known.evidence, says], score: Math.max(known.score, score) });
}

/** Step 4: the free organizations whose name is one of the party's, certain ones and doubtful ones, by id. */
export function claimsByName(index: WorldIndex, party: MatchParty): Claim[] {
  const found = new Map<OrganizationId, Claim>();
  for (const name of new Set(party.names)) {
    const normal = normaliseName(name);
    if (normal.stem === "") continue;
    for (const { organization, name: theirs } of index.byStem.get(normal.stem) ?? []) {
      const doubt = formDoubt(
        { text: name, form: normal.legalForm },
        { text: organization.name, form: theirs.legalForm },
      );
      const claim: Claim = {
        organization,
        evidence: [`its name is ${quoted(organization.name)}, the party's ${quoted(name)}`],
        score: doubt ? 0.5 : normal.legalForm === theirs.legalForm ? 0.8 : 0.7,
        ...(doubt ? { doubt } : {}),
      };
      const known = found.get(organization.id);
      if (!known || known.score < claim.score) found.set(organization.id, claim);
    }
  }
  return [...found.values()].map((claim) => contradicted(index, party, claim)).sort(compareClaims);
}

interface NamedForm {
  text: string;
  form: string | undefined;
}

/** Legal forms: equal, or absent on one side. One that may be an everyday word there is no form for certain. */
function formDoubt(ours: NamedForm, theirs: NamedForm): Doubt | undefined {
  const onOneSide = (ours.form === undefined) !== (theirs.form === undefined);
  const onlyForm = ours.form === undefined ? theirs : ours;
  const mayBeWord = onOneSide && endsInWordLikeForm(onlyForm.text);
  if (legalFormsAgree(ours.form, theirs.form) && !mayBeWord) return undefined;
  return {
    reason: "legal-form",
    says: `${quoted(ours.text)} and the organization ${quoted(theirs.text)} differ in legal form.`,
  };
}

/** An equal name is not enough where both sides have corporate mail domains, and none in common. */
function contradicted(index: WorldIndex, party: MatchParty, claim: Claim): Claim {
  if (claim.doubt) return claim;
  const ours = corporateDomains(ownAddresses(index, party));
  const theirs = corporateDomains([
    ...claim.organization.domains,
    ...(index.usersOf.get(claim.organization.id) ?? []).flatMap(({ addresses }) => addresses),
  ]);
  if (ours.size === 0 || theirs.size === 0 || [...ours].some((domain) => theirs.has(domain))) return claim;
  const says = `${quoted(claim.organization.name)} has the party's name, but not its mail domains: ${listed(theirs)} there, ${listed(ours)} here.`;
  return { ...claim, score: 0.4, doubt: { reason: "domain-contradicts", says } };
}

function corporateDomains(addressesOrDomains: readonly string[]): Set<string> {
  return new Set(addressesOrDomains.flatMap((text) => corporateDomain(text) ?? []));
}

/** A few of them, in an order of their own. */
function listed(domains: ReadonlySet<string>): string {
  const [...all] = [...domains].sort();
  return all.length > 3 ? `${all.slice(0, 3).join(", ")} and others` : all.join(", ");
}

function quoted(name: string): string {
  return `"${name.length > 80 ? `${name.slice(0, 79)}…` : name}"`;
}

/** The likelier first; then by id. */
function compareClaims(a: Claim, b: Claim): number {
  return b.score - a.score || a.organization.id - b.organization.id;
}

export function describe(organization: MatchOrganization): string {
  return `${quoted(organization.name)} (${organization.id})`;
}
