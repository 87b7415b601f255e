import { type Books, isLeftOut, type Unit } from "./books.ts";
import { type Directory, keysOn, type Organization } from "./directory.ts";
import type { Input } from "./input.ts";
import { textAt } from "./json.ts";
import { corporateDomain, type EvidenceName, evidenceName, formsAgree } from "./text.ts";

// What speaks now for a party being an organization: users' addresses first, names where these know nobody.

export interface Evidence {
  /** Organizations of users with one of the unit's own addresses. */
  byMail(unit: Unit): Organization[];
  /** Organizations of an equal name and no contrary legal form; asked only where mail knows nobody. */
  byName(unit: Unit): Organization[];
  /** Equal names whose legal forms differ. */
  otherForm(unit: Unit): Organization[];
  /** The unit's corporate domains and the organization's have nothing in common. */
  contradicts(unit: Unit, organization: Organization): boolean;
  /** Units neither linked nor ignored that claim an organization, by mail or, where mail knows nobody, by name. */
  claimants(organization: Organization): Unit[];
}

export function gatherEvidence(
  { books, input, now }: { books: Books; input: Input; now: Directory },
  held: ReadonlySet<number>,
  settled: ReadonlySet<string>,
): Evidence {
  const ownerOf = addressOwners(books);
  const isFree = (organization: Organization) => !held.has(organization.id) && keysOn(organization).length === 0;
  const byAddress = organizationsByAddress(now);
  const byStem = organizationsByStem(now);
  const addressesOf = (unit: Unit) =>
    [...new Set(unit.members.flatMap((member) => member.addresses))].filter(
      (address) => ownerOf.get(address) === unit.top.key,
    );
  const byMail = (unit: Unit) => {
    const found = addressesOf(unit).flatMap((address) => byAddress.get(address) ?? []);
    return [...new Set(found)].filter(isFree);
  };
  const named = (unit: Unit, agree: boolean) => {
    const names = namesOf(unit, input);
    const found = names.flatMap((name) => byStem.get(name.stem) ?? []);
    const agrees = (organization: Organization) =>
      names.some((name) => {
        const other = evidenceName(organization.name);
        return name.stem === other.stem && formsAgree(name, other);
      });
    return [...new Set(found)].filter((one) => isFree(one) && agrees(one) === agree);
  };
  const byName = (unit: Unit) => (byMail(unit).length > 0 ? [] : named(unit, true));
  const free = [...books.units.values()].filter(({ top }) => !settled.has(top.key) && !isLeftOut(top, input));
  return {
    byMail,
    byName,
    otherForm: (unit) => (byMail(unit).length > 0 ? [] : named(unit, false)),
    contradicts(unit, organization) {
      const own = domainsOf(unit.members.flatMap((member) => member.addresses));
      const theirs = domainsOf([
        ...organization.domains,
        ...now.usersOf(organization.id).flatMap((user) => user.addresses),
      ]);
      return own.size > 0 && theirs.size > 0 && [...own].every((domain) => !theirs.has(domain));
    },
    claimants: (organization) =>
      free.filter((unit) => [...byMail(unit), ...byName(unit)].some((claimed) => claimed.id === organization.id)),
  };
}

/**
 * An address counts once per family: for its top where that has it, else for the first who does; what a second family has too says
 * nothing.
 */
function addressOwners(books: Books): Map<string, string> {
  const having = new Map<string, Unit[]>();
  for (const unit of books.units.values()) {
    for (const address of new Set(unit.members.flatMap((member) => member.addresses))) {
      having.set(address, [...(having.get(address) ?? []), unit]);
    }
  }
  const rootOf = ({ top }: Unit) => books.rootOf.get(top.key) ?? top.key;
  const owners = new Map<string, string>();
  for (const [address, units] of having) {
    if (new Set(units.map(rootOf)).size > 1) continue;
    const byId = [...units].sort((one, other) => Number(one.top.id) - Number(other.top.id));
    const owner = byId.find((unit) => unit.top.key === rootOf(unit)) ?? byId[0];
    if (owner) owners.set(address, owner.top.key);
  }
  return owners;
}

/** Agents' addresses, and organizations that agents belong to, are no evidence. */
function organizationsByAddress(now: Directory): Map<string, Organization[]> {
  const staffed = new Set(
    [...now.users.values()].filter((user) => user.role !== "end-user").flatMap((user) => user.organizations),
  );
  const found = new Map<string, Organization[]>();
  for (const user of now.users.values()) {
    if (user.role !== "end-user" || user.record["active"] === false) continue;
    const organizations = user.organizations
      .filter((id) => !staffed.has(id))
      .flatMap((id) => now.organizations.get(id) ?? []);
    for (const address of user.addresses) found.set(address, [...(found.get(address) ?? []), ...organizations]);
  }
  return found;
}

function organizationsByStem(now: Directory): Map<string, Organization[]> {
  const found = new Map<string, Organization[]>();
  for (const organization of now.organizations.values()) {
    const { stem } = evidenceName(organization.name);
    found.set(stem, [...(found.get(stem) ?? []), organization]);
  }
  return found;
}

/** DisplayName and CompanyName of the top or vendor, nothing of its members; also with its parents' names where families are separate. */
function namesOf({ top }: Unit, { settings }: Input): EvidenceName[] {
  const company = textAt(top.record, "CompanyName");
  const path = settings.families === "roll-up" ? undefined : textAt(top.record, "FullyQualifiedName");
  const names = [
    top.name,
    ...(company === undefined ? [] : [company]),
    ...(path === undefined ? [] : [path.replaceAll(":", " / ")]),
  ];
  return names.map(evidenceName).filter(({ stem }) => stem !== "");
}

function domainsOf(addresses: readonly string[]): Set<string> {
  return new Set(addresses.flatMap((address) => corporateDomain(address) ?? []));
}
