// What becomes of a card whose write did not take effect: put off, parked, left to the next pass.
import { type Disposition, partyKeyText } from "../../../domain/index.ts";
import type { ListedOrganization } from "../../directory/index.ts";
import { nameWait } from "../consider/naming.ts";
import type { Owner } from "../own/owner.ts";
import { renameConflict } from "../own/tell.ts";
import type { Settlement } from "../ports.ts";
import type { Pending } from "../settle/pending.ts";
import { asPatch, emptySettlement } from "../settle/settlement.ts";
import { backOffMs } from "./back-off.ts";
import type { Logged } from "./logged.ts";

export async function parkTakenName(owner: Owner, { pending, writeId, item }: Logged): Promise<Settlement> {
  const name = item.name ?? "";
  const [bearer] = await owner.ports.writers.bulk.findByName(owner.subdomain, name);
  const settlement = emptySettlement();
  settlement.closed.push({ id: writeId, state: "lost", outcome: "the name is taken" });
  if (bearer) settlement.organizations.push(asPatch(bearer));
  if (pending.decision.kind !== "create") {
    // A rename that collides keeps the old name; figures go on with the next pass, which sees the bearer in the directory.
    settlement.deferred.push(...pending.marks.map((mark) => ({ ...mark, waitMs: 0, failure: undefined })));
    await owner.ports.incidents.note({
      cause: `rename-conflict:${pending.decision.kind === "update" ? pending.decision.organization.id : ""}`,
      says: renameConflict(name),
      connectionId: pending.connection.id,
    });
    return settlement;
  }
  const candidate = bearer && {
    organizationId: bearer.id,
    name: bearer.name,
    score: 0.9,
    evidence: ["It has the name that we would give."],
  };
  const parked: Disposition = {
    kind: "parked",
    reason: "name-taken",
    says: `Zendesk has an organization named "${name}" already. Is it the same client?`,
    candidates: candidate ? [candidate] : [],
    waitsFor: nameWait(name, candidate),
  };
  return { ...settlement, ...parkedFamilies(pending, parked), settled: pending.marks };
}

/** Attempts are counted for what is blamed on the record; after the last one a person has to look. */
export function failedSettlement(
  owner: Owner,
  { pending, writeId }: Logged,
  failure: { says: string; code: string; permanent: boolean },
): Settlement {
  const settlement = emptySettlement();
  settlement.closed.push({ id: writeId, state: "lost", outcome: failure.code });
  if (!failure.permanent && pending.attempts + 1 < pending.connection.settings.maxAttempts) {
    const waitMs = backOffMs(pending.attempts, owner.ports.random);
    settlement.deferred.push(...pending.marks.map((mark) => ({ ...mark, waitMs, failure: failure.code })));
    return settlement;
  }
  const parked: Disposition = {
    kind: "parked",
    reason: "failed",
    says: `${failure.code}: ${failure.says}`,
    candidates: [],
    waitsFor: [],
  };
  return { ...settlement, ...parkedFamilies(pending, parked), settled: pending.marks };
}

/** A linked card that cannot be written keeps its link: what waits is noted with its first party. */
function parkedFamilies(pending: Pending, parked: Disposition): Pick<Settlement, "standings" | "journal"> {
  const { decision, connection } = pending;
  const families = decision.kind === "create" || decision.kind === "update" ? decision.families : [];
  return {
    standings: families.flatMap(({ top, others }) => [
      { connectionId: connection.id, party: top, disposition: parked, underPlan: connection.plan?.id },
      ...others.map((party) => ({
        connectionId: connection.id,
        underPlan: connection.plan?.id,
        party,
        disposition: { kind: "rolled-up" as const, into: top },
      })),
    ]),
    journal: [
      {
        connectionId: connection.id,
        action: "parked",
        parties: families.map(({ top }) => partyKeyText(top)),
        organizationId: decision.kind === "update" ? decision.organization.id : undefined,
        who: "engine",
        causes: pending.causes,
        before: {},
        after: {},
        outcome: parked.kind === "parked" ? `${parked.reason}: ${parked.says}` : parked.kind,
        writeId: undefined,
        requestIds: {},
      },
    ],
  };
}

export function deferredSettlement(
  { pending, writeId }: Logged,
  of: { waitMs: number; failure?: string; outcome: string; recheck?: boolean },
): Settlement {
  const { waitMs, failure, outcome, recheck = false } = of;
  const settlement = emptySettlement();
  settlement.closed.push({ id: writeId, state: "lost", outcome, recheck });
  settlement.deferred.push(...pending.marks.map((mark) => ({ ...mark, waitMs, failure })));
  return settlement;
}

/** It bears our key: a write whose outcome we never learned made it. The directory knows it now, and the next pass finds it by its key. */
export function oursAlready({ pending, writeId }: Logged, found: ListedOrganization): Settlement {
  const settlement = emptySettlement();
  settlement.closed.push({ id: writeId, state: "lost", outcome: "made by an earlier write" });
  settlement.organizations.push(asPatch(found));
  settlement.deferred.push(...pending.marks.map((mark) => ({ ...mark, waitMs: 0, failure: undefined })));
  return settlement;
}

export function lostSettlement({ writeId }: Logged, outcome: string, { recheck = false } = {}): Settlement {
  return { ...emptySettlement(), closed: [{ id: writeId, state: "lost", outcome, recheck }] };
}

/** The directory learns that it is gone; the marks stay, and the next pass decides on that. */
export function gone({ pending, writeId, item }: Logged): Settlement {
  const settlement = emptySettlement();
  settlement.closed.push({ id: writeId, state: "lost", outcome: "the organization is gone" });
  if (item.id !== undefined) settlement.goneOrganizations.push(item.id);
  settlement.deferred.push(...pending.marks.map((mark) => ({ ...mark, waitMs: 0, failure: undefined })));
  return settlement;
}
