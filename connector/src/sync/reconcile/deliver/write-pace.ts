import type { OrganizationId } from "../../../domain/index.ts";
import type { Deferral } from "../../marks/index.ts";
import type { Owner } from "../own/owner.ts";
import type { Pending } from "../settle/pending.ts";

/** Zendesk takes at most 5 updates of one organization in a minute (rate limits page, "Update Organization"). */
const windowMs = 60_000;
const writesInWindow = 5;
/** Least gap before the 2nd, 3rd ... write of one organization within the window: a second change is quick, a burst folds into few writes. */
const gapsMs = [0, 1_000, 12_000, 15_000, 15_000] as const;

/** How long an organization that was written `agesMs` ago (newest first) has to wait for its next write. Pure. */
export function waitForPaceMs(agesMs: readonly number[]): number {
  const recent = agesMs.filter((age) => age < windowMs);
  const [newest] = recent;
  if (newest === undefined) return 0;
  if (recent.length >= writesInWindow) return Math.max(0, windowMs - (recent[writesInWindow - 1] ?? 0));
  return Math.max(0, (gapsMs[recent.length] ?? 0) - newest);
}

/** Splits decisions into those to carry out now and those whose organization was written too recently: these wait and fold. */
export async function paceOf(
  owner: Owner,
  pendings: readonly Pending[],
): Promise<{ now: Pending[]; deferred: Deferral[] }> {
  const ids = pendings.flatMap((pending) => targetOf(pending) ?? []);
  const recent =
    ids.length === 0
      ? new Map<OrganizationId, number[]>()
      : await owner.ports.writes.recentWrites(owner.subdomain, ids);
  const now: Pending[] = [];
  const deferred: Deferral[] = [];
  for (const pending of pendings) {
    const target = targetOf(pending);
    const waitMs = target === undefined ? 0 : waitForPaceMs(recent.get(target) ?? []);
    if (waitMs === 0) now.push(pending);
    else deferred.push(...pending.marks.map((mark) => ({ ...mark, waitMs, failure: undefined })));
  }
  return { now, deferred };
}

function targetOf({ decision }: Pending): OrganizationId | undefined {
  return decision.kind === "update" || decision.kind === "clear" ? decision.organization.id : undefined;
}
