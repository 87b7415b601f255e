import type { Books, Unit } from "./books.ts";
import type { Card } from "./check-cards.ts";
import { createdNames } from "./created-names.ts";
import { type Directory, keysOn, type Organization } from "./directory.ts";
import { type Evidence, gatherEvidence } from "./evidence.ts";
import type { Findings } from "./findings.ts";
import type { Disposed, Input } from "./input.ts";
import { nameKey } from "./text.ts";

const mostClaimants = 3;

interface World {
  input: Input;
  books: Books;
  now: Directory;
}

/** A parked party's reason is true now: derived again from the account as it is. */
export function checkParked(cards: readonly Card[], world: World, findings: Findings): void {
  const held = new Set(cards.map((card) => card.organizationId));
  const settled = new Set(cards.flatMap((card) => card.units.map((unit) => unit.top.key)));
  for (const { key, disposition } of world.input.parties) if (disposition === "ignored") settled.add(key);
  const evidence = gatherEvidence(world, held, settled);
  for (const entry of world.input.parties) {
    if (entry.disposition !== "parked") continue;
    const unit = world.books.units.get(entry.key);
    if (unit === undefined) continue;
    const complaint = complaintOf(entry, unit, { ...world, evidence, held });
    if (complaint === undefined) continue;
    const found = { reason: entry.reason, candidates: entry.candidates };
    findings.add("different", { party: entry.key, what: "parked", expected: complaint, found });
  }
}

/** What would have to be true and is not; undefined when the reason stands. */
function complaintOf(
  entry: Disposed,
  unit: Unit,
  world: World & { evidence: Evidence; held: ReadonlySet<number> },
): string | undefined {
  const { evidence, now } = world;
  const mail = evidence.byMail(unit);
  const claimed = mail.length > 0 ? mail : evidence.byName(unit);
  const others = (organization: Organization) =>
    evidence.claimants(organization).filter((claimant) => claimant.top.key !== unit.top.key).length;
  switch (entry.reason) {
    case "several-organizations":
      if (claimed.length < 2) return `several organizations; there is ${claimed.length}`;
      return wrongCandidates(entry, claimed);
    case "several-parties":
      if (!claimed.some((one) => others(one) > 0)) return "an organization that another party claims too";
      return wrongCandidates(entry, claimed);
    case "container":
      if (!claimed.some((one) => others(one) >= mostClaimants))
        return "an organization that more than three parties claim";
      return wrongCandidates(entry, claimed);
    case "legal-form": {
      const found = evidence.otherForm(unit);
      return found.length === 0
        ? "an organization of this name with another legal form"
        : wrongCandidates(entry, found);
    }
    case "domain-contradicts": {
      const found = evidence.byName(unit).filter((one) => evidence.contradicts(unit, one));
      return found.length === 0 ? "an organization of this name with another domain" : wrongCandidates(entry, found);
    }
    case "name-taken": {
      const holder = nameHolder(unit, world);
      return holder === undefined
        ? "its name is borne by an organization that is not ours"
        : wrongCandidates(entry, [holder]);
    }
    case "deleted-in-zendesk":
      return entry.candidates.some((id) => now.organizations.has(id)) ? "its organization is gone" : undefined;
    case "failed":
      // Whether Zendesk still refuses cannot be seen from outside.
      return undefined;
    case undefined:
    default:
      return "a reason that we know";
  }
}

function wrongCandidates(entry: Disposed, expected: readonly Organization[]): string | undefined {
  const ids = expected.map((organization) => organization.id);
  const isRight = entry.candidates.length === 0 || entry.candidates.some((id) => ids.includes(id));
  return isRight ? undefined : `candidates among ${ids.join(", ")}`;
}

/** The organization that bears the name which the party's own would get, and that nobody may take. */
function nameHolder(unit: Unit, world: World & { held: ReadonlySet<number> }): Organization | undefined {
  const name = createdNames(world.books, world.input, new Map()).get(unit.top.key) ?? "";
  const own = `qbo:${world.input.realm}:${unit.top.key}`;
  return [...world.now.organizations.values()].find(
    (organization) => nameKey(organization.name) === nameKey(name) && !keysOn(organization).includes(own),
  );
}
