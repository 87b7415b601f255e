import {
  assertNever,
  type Cause,
  type Entity,
  type GoneRecord,
  type PartyKey,
  type Priority,
  partyKeyText,
  priorities,
  type RecordCopy,
  type RecordKey,
  recordKeyText,
} from "../../domain/index.ts";
import { partyNames } from "../../rules/matching/index.ts";
import { newness } from "./is-newer.ts";
import type { DocumentCopy, FormerCopy, NamedParty, ReplicaChange, Ripple, RippleTarget } from "./ports.ts";

/** How urgent the ripples of a record are, and what began them. */
export interface Marking {
  priority: Priority;
  causes: Cause[];
  /** The survivor, where an event said that this record lost a merge. */
  mergedInto?: string | undefined;
}

export interface Answered {
  records: readonly RecordCopy[];
  /** Confirmed by a read by id. */
  gone: readonly GoneRecord[];
  readAt: string;
  /** Absent: nothing ripples, as in a first load, whose end marks everyone. */
  markingOf: ((key: RecordKey) => Marking) | undefined;
}

/**
 * What an answer changes, given what we held. Only changed content ripples; a record whose LastUpdatedTime alone moved concerns its own
 * party ("billing data last changed"), and one that was merely read again concerns nobody.
 */
export function decideChange(answer: Answered, former: ReadonlyMap<string, FormerCopy>): ReplicaChange {
  const change: ReplicaChange = {
    parties: [],
    documents: [],
    references: [],
    reread: [],
    outdated: [],
    gone: [],
    survivors: [],
    active: [],
    ripples: [],
  };
  const rippleFrom = (key: RecordKey, targets: readonly RippleTarget[]): void => {
    if (answer.markingOf) change.ripples.push(...ripplesOf(key, targets, answer.markingOf(key), answer.readAt));
  };
  for (const copy of newestOfEach(answer.records)) {
    const key: RecordKey = { entity: copy.entity, id: copy.id };
    const before = former.get(recordKeyText(key));
    const state = newness(copy, answer.readAt, before);
    const marking = answer.markingOf?.(key);
    if (copy.kind === "party" && state !== "older") {
      if (copy.party.active) change.active.push(keyOf(copy.party));
      else rippleFrom(key, toldSurvivor(change, keyOf(copy.party), marking));
    }
    switch (state) {
      case "reread":
        change.reread.push(key);
        break;
      case "older":
        change.outdated.push(key);
        break;
      case "touched":
        keep(change, copy);
        rippleFrom(key, ownParty(copy));
        break;
      case "new":
      case "changed":
        rippleFrom(key, concerned(keep(change, copy), before));
        rippleFrom(key, changedHands(change, copy, before));
        break;
      default:
        assertNever(state);
    }
    // Its loser may be there all the same, even active again; its documents name the survivor only when they are read.
    if (copy.kind === "party" && marking?.causes.some(tellsOfMerge))
      rippleFrom(key, [{ to: "records-of", party: keyOf(copy.party) }]);
  }
  for (const record of answer.gone) {
    const before = former.get(recordKeyText(record));
    if (before?.kind === "party") rippleFrom(record, toldSurvivor(change, before.party, answer.markingOf?.(record)));
    if (!before || before.deletedAt) continue;
    // A copy that was read after this answer knows better.
    if (before.readAt.getTime() > Date.parse(record.at)) continue;
    change.gone.push(record);
    rippleFrom(record, concernedByLoss(before, record.at));
  }
  return change;
}

/** An answer that holds a record twice counts once, by its newest copy. */
function newestOfEach(records: readonly RecordCopy[]): RecordCopy[] {
  const newest = new Map<string, RecordCopy>();
  for (const copy of records) {
    const text = recordKeyText(copy);
    const other = newest.get(text);
    if (!other || Date.parse(copy.updatedAt) - Date.parse(other.updatedAt) >= 0) newest.set(text, copy);
  }
  return [...newest.values()];
}

type Kept = NamedParty | DocumentCopy | Extract<RecordCopy, { kind: "reference" }>;

function keep(change: ReplicaChange, copy: RecordCopy): Kept {
  switch (copy.kind) {
    case "party": {
      const named = { copy, ...partyNames(copy.party) };
      change.parties.push(named);
      return named;
    }
    case "document":
      change.documents.push(copy);
      return copy;
    case "reference":
      change.references.push(copy);
      return copy;
    default:
      return assertNever(copy);
  }
}

/** `qbo.customer.merged.v1` in CloudEvents, `Merge` in the legacy form; survivor and loser are both marked by it. */
function tellsOfMerge(cause: Cause): boolean {
  return cause.kind === "webhook" && /merge/i.test(cause.type);
}

/** What an event says of a party that does not stand any more. Also where that was known before: the event may come late. */
function toldSurvivor(change: ReplicaChange, party: PartyKey, marking: Marking | undefined): RippleTarget[] {
  const survivorId = marking?.mergedInto;
  if (survivorId === undefined || survivorId === party.id) return [];
  change.survivors.push({ party, survivorId, told: true });
  return [{ to: "party", party }];
}

/** A document belongs to another party now: somebody chose another client for it, or its client was merged. Reading the former one tells. */
function changedHands(change: ReplicaChange, copy: RecordCopy, before: FormerCopy | undefined): RippleTarget[] {
  if (copy.kind !== "document" || before?.kind !== "document") return [];
  const { party } = copy.document;
  if (before.party.kind !== party.kind || before.party.id === party.id) return [];
  change.survivors.push({ party: before.party, survivorId: party.id, told: false });
  return [{ to: "standing-party", party: before.party }];
}

function ownParty(copy: RecordCopy): RippleTarget[] {
  if (copy.kind === "party") return [{ to: "party", party: keyOf(copy.party) }];
  return copy.kind === "document" ? [{ to: "party", party: copy.document.party }] : [];
}

function concerned(kept: Kept, before: FormerCopy | undefined): RippleTarget[] {
  if ("copy" in kept) return concernedByParty(kept, before?.kind === "party" ? before : undefined);
  if (kept.kind === "document") return concernedByDocument(kept, before?.kind === "document" ? before : undefined);
  switch (kept.entity) {
    case "Term":
      return [{ to: "users-of-term", termsId: kept.id }];
    case "CompanyInfo":
    case "Preferences":
      return [{ to: "everyone" }];
    case "Item":
    case "Account":
      return [];
    default:
      return assertNever(kept);
  }
}

function concernedByParty(
  { copy, nameKey: name, pathKey, nameStems }: NamedParty,
  before: Extract<FormerCopy, { kind: "party" }> | undefined,
): RippleTarget[] {
  const own = keyOf(copy.party);
  const targets: RippleTarget[] = [{ to: "party", party: own }];
  if (before && before.topId !== own.id) targets.push({ to: "party", party: { kind: own.kind, id: before.topId } });
  const standing = before && !before.deletedAt ? before : undefined;
  const renamed = standing?.nameKey !== name || standing.pathKey !== pathKey;
  if (!standing || renamed || standing.active !== copy.party.active)
    targets.push(...namesakes([name, pathKey, ...(standing ? [standing.nameKey, standing.pathKey] : [])]));
  const clues = cluesOf(nameStems, copy.party.addresses);
  const formerClues = standing ? cluesOf(standing.nameStems, standing.addresses) : [];
  const moved = !standing || standing.active !== copy.party.active || !sameSet(clues, formerClues);
  // An inactive party may be the loser of a merge, whose event was lost: its documents are the survivor's now, and say so only when read.
  if (standing?.active && !copy.party.active) targets.push({ to: "records-of", party: own });
  targets.push(...waiters([`party:${partyKeyText(own)}`, ...(moved ? [...clues, ...formerClues] : [])]));
  return targets;
}

/**
 * A payment or credit changes the balance of what it is applied to, now or before: a card is not right before that is read. The other way
 * round, an invoice that is voided frees what was paid on it, which is rare and may follow. Our copy of a linked document is known to show
 * the change only when it was read after the second in which this document changed.
 */
function concernedByDocument(
  { document }: DocumentCopy,
  before: Extract<FormerCopy, { kind: "document" }> | undefined,
): RippleTarget[] {
  return [
    { to: "party", party: document.party },
    ...(before ? [{ to: "party" as const, party: before.party }] : []),
    ...linkedRecords([...document.linked, ...(before?.linked ?? [])], {
      changedAt: document.updatedAt,
      urgent: settling.has(document.entity),
    }),
  ];
}

function concernedByLoss(before: FormerCopy, at: string): RippleTarget[] {
  switch (before.kind) {
    case "party":
      return [
        { to: "party", party: before.party },
        { to: "party", party: { kind: before.party.kind, id: before.topId } },
        { to: "records-of", party: before.party },
        ...namesakes([before.nameKey, before.pathKey]),
        ...waiters([`party:${partyKeyText(before.party)}`, ...cluesOf(before.nameStems, before.addresses)]),
      ];
    case "document":
      return [{ to: "party", party: before.party }, ...linkedRecords(before.linked, { changedAt: at, urgent: true })];
    case "reference":
      return before.key.entity === "Term" ? [{ to: "users-of-term", termsId: before.key.id }] : [];
    default:
      return assertNever(before);
  }
}

/** QuickBooks' times have whole seconds: a copy read within the second of the change may or may not show it. */
const resolutionMs = 1000;

/** Documents that are applied to others. */
const settling: ReadonlySet<Entity> = new Set(["Payment", "CreditMemo", "BillPayment", "VendorCredit"]);

function linkedRecords(
  keys: readonly RecordKey[],
  { changedAt, urgent }: { changedAt: string; urgent: boolean },
): RippleTarget[] {
  const unlessReadSince = new Date(Date.parse(changedAt) + resolutionMs).toISOString();
  const each = new Map(keys.map((key) => [recordKeyText(key), key]));
  return [...each.values()].map((key) => ({ to: "record", key, urgent, changedAt, unlessReadSince }));
}

function namesakes(nameKeys: readonly string[]): RippleTarget[] {
  return [...new Set(nameKeys)].map((name) => ({ to: "namesakes", nameKey: name }));
}

function waiters(waitKeys: readonly string[]): RippleTarget[] {
  return [...new Set(waitKeys)].map((waitKey) => ({ to: "waiters", waitKey }));
}

/** What other parties may be waiting to see change. */
function cluesOf(nameStems: readonly string[], addresses: readonly string[]): string[] {
  return [...nameStems.map((stem) => `name:${stem}`), ...addresses.map((address) => `address:${address}`)];
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  const set = new Set(one);
  return set.size === new Set(other).size && other.every((item) => set.has(item));
}

function keyOf(party: PartyKey): PartyKey {
  return { kind: party.kind, id: party.id };
}

function unhurried(priority: Priority): Priority {
  return priority > priorities.background ? priorities.background : priority;
}

function ripplesOf(origin: RecordKey, targets: readonly RippleTarget[], marking: Marking, at: string): Ripple[] {
  const of = recordKeyText(origin);
  return targets.map((target) => ({
    target,
    priority: target.to === "record" && !target.urgent ? unhurried(marking.priority) : marking.priority,
    causes: [
      ...marking.causes,
      // `address`, not the address: causes are kept and shown.
      target.to === "waiters"
        ? { kind: "healed", what: target.waitKey.split(":", 1)[0] ?? "", at }
        : { kind: "ripple", of, at },
    ],
  }));
}
