import { type Cause, type Disposition, type LocalDate, parsePartyKey, partyKeyText } from "../../../domain/index.ts";
import type { Claimants } from "../../links/index.ts";
import type { Mark } from "../../marks/index.ts";
import { considerParties } from "../consider/consider.ts";
import type { Considered, Pass } from "../consider/facts.ts";
import type { Decision } from "../decide/decision.ts";
import { createdByUs, deliverLive } from "../deliver/deliver.ts";
import type { JobFiller } from "../deliver/job-filler.ts";
import { deliverMembers } from "../deliver/members.ts";
import { paceOf } from "../deliver/write-pace.ts";
import { screened, withheld } from "../plan/screen.ts";
import type { OwnedConnection, Settlement } from "../ports.ts";
import type { Pending } from "../settle/pending.ts";
import { settleWithoutWrite } from "../settle/settle-decision.ts";
import { emptySettlement, mergeSettlements } from "../settle/settlement.ts";
import { leaversFirst } from "./leavers-first.ts";
import { noteFaults } from "./note-faults.ts";
import type { Owner, ReconcilePorts } from "./owner.ts";
import { recreated } from "./recreation.ts";
import { tell } from "./tell.ts";

/** How soon a key is looked at again whose card another batch holds. */
const heldWaitMs = 150;

/** Where what a batch decided goes: live work by itself, background work into jobs that batches share. */
export type Way = { lane: "live" } | { lane: "bulk"; jobs: JobFiller<Pending> };

/** One batch of marked parties of one connection: look, decide, write, settle. */
export async function decideAndDeliver(
  owner: Owner,
  way: Way,
  connections: readonly OwnedConnection[],
  connection: OwnedConnection,
  marks: readonly Mark[],
): Promise<void> {
  const taken = new Set<string>();
  const hold = (names: readonly string[]): boolean => {
    const got: string[] = [];
    for (const name of names) {
      // Two parties of one card may be in one batch.
      if (taken.has(name)) continue;
      if (owner.holds.take(name)) got.push(name);
      else {
        for (const back of got) owner.holds.release(back);
        return false;
      }
    }
    for (const name of got) taken.add(name);
    return true;
  };
  try {
    const decideNow = () => owner.atDesk(way.lane, () => decide(owner, connections, connection, marks, hold));
    if (way.lane === "bulk")
      await way.jobs.fill(async () => {
        const { write, lacking } = await decideNow();
        return [...write, ...lacking];
      });
    else {
      const { write, lacking } = await decideNow();
      await Promise.all([deliverLive(owner, write), deliverMembers(owner, "live", lacking)]);
    }
    for (const mark of marks) owner.ports.observe.settled(way.lane, mark.firstAt, mark.connectionId);
  } finally {
    for (const name of taken) owner.holds.release(name);
  }
}

/** Settles what needs no write. Returns what does: cards to be written, and those that only lack members. */
async function decide(
  owner: Owner,
  connections: readonly OwnedConnection[],
  connection: OwnedConnection,
  marks: readonly Mark[],
  hold: (names: readonly string[]) => boolean,
): Promise<{ write: Pending[]; lacking: Pending[] }> {
  const pass = passOf(owner.ports, connections, connection);
  const looked = await considerParties(
    owner.ports,
    pass,
    marks.map(({ key }) => parsePartyKey(key)),
    hold,
  );
  const marksOf = new Map<string, Mark[]>();
  for (const mark of marks) {
    const top = looked.topOf.get(mark.key);
    if (top) marksOf.set(partyKeyText(top), [...(marksOf.get(partyKeyText(top)) ?? []), mark]);
  }
  const first = leaversFirst(looked);
  for (const [leaver, tops] of first.waitedForBy)
    marksOf.set(leaver, [...(marksOf.get(leaver) ?? []), ...tops.flatMap((top) => marksOf.get(top) ?? [])]);
  await noteFaults(owner.ports, connection, first.considered);
  const tops = first.considered.flatMap((one) => one.tops);
  const previous = await owner.ports.links.dispositionsOf(connection.id, tops);
  const { approved, changed } = await screened(owner.ports.plans, connection, first.considered, previous);
  const considered = [...approved, ...changed.map(({ considered: one }) => withheld(one, previous))];
  const anew = await recreated(owner.ports, connection, considered);
  const pendings = considered.map((one) => ({
    ...pendingOf(connection, one, marksOf, previous),
    startsAnew: anew.has(one),
  }));
  await tell(owner, connection, considered);
  const paced = await paceOf(owner, pendings);
  const { write, lacking, settle } = sorted(paced.now);
  await owner.commit(
    mergeSettlements([
      ...settle.map(settleWithoutWrite),
      { ...emptySettlement(), effects: changed.flatMap(({ effects }) => effects) },
      { ...emptySettlement(), deferred: paced.deferred },
      held(looked.held.flatMap((top) => marksOf.get(partyKeyText(top)) ?? [])),
      {
        ...emptySettlement(),
        forgotten: looked.unknown.map((party) => ({
          connectionId: connection.id,
          party,
          underPlan: connection.plan?.id,
        })),
        settled: looked.unknown.flatMap((top) => marksOf.get(partyKeyText(top)) ?? []),
      },
    ]),
  );
  return { write, lacking };
}

/** What every decision of this pass shares: today in the company's zone among them. */
export function passOf(
  ports: Pick<ReconcilePorts, "today" | "appUrl">,
  connections: readonly OwnedConnection[],
  connection: OwnedConnection,
): Pass {
  const today = ports.today(connection.zone);
  return {
    connection,
    today,
    // Its own parties compete under the rules of this pass, which may be a plan's.
    rivals: connections.map((each) =>
      claimantsOf(each.id === connection.id ? connection : each, ports.today(each.zone)),
    ),
    context: {
      realm: connection.realm,
      appUrl: ports.appUrl,
      homeCurrency: connection.homeCurrency,
      zone: connection.zone,
      today,
      settings: connection.settings,
      mapping: connection.mapping,
      brokenFields: connection.brokenFields,
    },
  };
}

function claimantsOf({ id, realm, settings, zone }: OwnedConnection, today: LocalDate): Claimants {
  const { scope, families, matchDomains, billingEmailField } = settings;
  return { id, realm, scope, families, matchDomains, billingEmailField, zone, today };
}

function pendingOf(
  connection: OwnedConnection,
  { decision, tops, upkeep }: Considered,
  marksOf: ReadonlyMap<string, Mark[]>,
  previous: ReadonlyMap<string, Disposition>,
): Omit<Pending, "startsAnew"> {
  const marks = tops.flatMap((top) => marksOf.get(partyKeyText(top)) ?? []);
  return {
    decision,
    connection,
    marks,
    causes: causesOf(marks),
    attempts: Math.max(0, ...marks.map(({ attempts }) => attempts)),
    upkeep,
    previous,
  };
}

/** The causes of a card's marks, oldest first, bounded as a mark's own are: the first and the latest four. */
function causesOf(marks: readonly Mark[]): Cause[] {
  const distinct = new Map(marks.flatMap((mark) => mark.causes).map((cause) => [JSON.stringify(cause), cause]));
  const causes = [...distinct.values()].sort((one, other) => one.at.localeCompare(other.at));
  return causes.length <= 5 ? causes : [...causes.slice(0, 1), ...causes.slice(-4)];
}

function sorted(pendings: readonly Pending[]): { write: Pending[]; lacking: Pending[]; settle: Pending[] } {
  const write: Pending[] = [];
  const lacking: Pending[] = [];
  const settle: Pending[] = [];
  for (const pending of pendings) {
    const { decision } = pending;
    if (decision.kind === "create" || decision.kind === "update") write.push(pending);
    else if (decision.kind === "clear") (leavesSomething(decision) ? write : settle).push(pending);
    else if (decision.kind === "unchanged" && decision.facts.members.length > 0) lacking.push(pending);
    else settle.push(pending);
  }
  return { write, lacking, settle };
}

/** Values or a key of ours that have to be taken back. */
function leavesSomething({ changed, organization }: Extract<Decision, { kind: "clear" }>): boolean {
  return Object.keys(changed).length > 0 || createdByUs(organization);
}

function held(marks: readonly Mark[]): Settlement {
  return { ...emptySettlement(), deferred: marks.map((mark) => ({ ...mark, waitMs: heldWaitMs, failure: undefined })) };
}
