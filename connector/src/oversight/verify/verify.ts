import { assertNever, type Entity, type Organization, type OrganizationId, recordKeyText } from "../../domain/index.ts";
import { CallBudget } from "./call-budget.ts";
import { type ComparedAccount, callsByIds, compareAccount, lookAgain } from "./compare-account.ts";
import { compareCompany, type RecordDifference, stillDifferent } from "./compare-company.ts";
import { type DifferingCard, explainCard, explainRecord } from "./explain.ts";
import type {
  CardState,
  Difference,
  DifferenceKind,
  FieldDifference,
  MarkFacts,
  Reason,
  VerifyPorts,
  VerifyReport,
} from "./ports.ts";

export type VerifyStage = { stage: "company"; entity: Entity; compared: number } | { stage: "account"; cards: number };

/** 10,000 cards take 100 calls to Zendesk and leave 150 pages of 1,000 rows. */
const callsPerCard = 250 / 10_000;
const leastBudget = 250;
/** Marked by a repair: nothing else will see to them. */
const repaired: ReadonlySet<Reason> = new Set(["not-polled-yet", "day-turned", "edited-in-zendesk", "unexplained"]);
const everyone = "*";

/**
 * Compares QuickBooks with our copy, record by record, and our copy with Zendesk, card by card as a pass would decide it now.
 * Reads only; with `repair` it lets the directory know what it read and marks what nothing else would heal.
 */
export async function verify<Live extends Organization>(
  ports: VerifyPorts<Live>,
  options: { calls: number | undefined; repair: boolean; onProgress: (stage: VerifyStage) => void },
): Promise<VerifyReport> {
  const { onProgress } = options;
  const linked = await ports.surroundings.linkedOrganizations(ports.connection.id);
  const budget = new CallBudget(options.calls ?? Math.max(leastBudget, Math.ceil(linked.length * callsPerCard)));
  budget.keep(callsByIds(linked.length));
  const company = await compareCompany(ports, budget, (entity, compared) =>
    onProgress({ stage: "company", entity, compared }),
  );
  budget.keep(0);
  const account = await compareAccount(ports, budget, linked, (cards) => onProgress({ stage: "account", cards }));
  const cards = await cardDifferences(ports, budget, account);
  const records = await recordDifferences(ports, await stillDifferent(ports, company.differences));
  const strays = account.strays.map(strayDifference);
  const differences = [...records, ...cards, ...strays];
  const parked = cards.filter(({ reason }) => reason === "parked").length;
  return {
    calls: { ...budget.spent, budget: budget.limit },
    records: { compared: company.compared, different: records.length },
    cards: {
      compared: account.states.filter(({ kind }) => kind !== "at-rest" && kind !== "parked").length,
      different: cards.length - parked + strays.length,
      parked,
    },
    notCompared: [...company.notCompared, ...account.notCompared],
    differences,
    marked: options.repair ? await repair(ports, account, differences) : 0,
  };
}

async function recordDifferences<Live extends Organization>(
  { connection, surroundings }: VerifyPorts<Live>,
  found: readonly RecordDifference[],
): Promise<Difference[]> {
  const marks = byKey(
    await surroundings.marksOf(
      connection.id,
      "record",
      found.map(({ key }) => recordKeyText(key)),
    ),
  );
  return found.map((difference) => ({
    between: "quickbooks-and-copy",
    what: difference.what,
    record: recordKeyText(difference.key),
    parties: difference.party === undefined ? [] : [difference.party],
    organizationId: undefined,
    name: undefined,
    fields: [],
    ...explainRecord(difference, { mark: marks.get(recordKeyText(difference.key)), connection }),
  }));
}

/** Explains what differs; what nothing explains is looked at once more, since both sides move while we compare. */
async function cardDifferences<Live extends Organization>(
  ports: VerifyPorts<Live>,
  budget: CallBudget,
  account: ComparedAccount<Live>,
): Promise<Difference[]> {
  const first = await explained(ports, account.states.filter(isDiffering));
  const doubtful = first.filter(({ difference }) => repaired.has(difference.reason));
  if (doubtful.length === 0) return first.map(({ difference }) => difference);
  const again = await lookAgain(
    ports,
    budget,
    account,
    doubtful.map(({ state }) => state),
  );
  const second = await explained(ports, again.filter(isDiffering));
  return [...first.filter((one) => !doubtful.includes(one)), ...second].map(({ difference }) => difference);
}

async function explained<Live extends Organization>(
  { connection, surroundings }: VerifyPorts<Live>,
  states: readonly DifferingCard[],
): Promise<{ state: DifferingCard; difference: Difference }[]> {
  const ids = states.flatMap((state) => ("organizationId" in state ? [state.organizationId] : []));
  const parties = states.flatMap((state) => state.parties);
  const [marks, writing, flips, remembered] = await Promise.all([
    surroundings.marksOf(connection.id, "party", [...parties, everyone]).then(byKey),
    surroundings.beingWritten(connection.id),
    surroundings.flipsOf(connection.id, ids),
    surroundings.remembered(ids),
  ]);
  return states.map((state) => {
    const organizationId = "organizationId" in state ? state.organizationId : undefined;
    const fields = fieldsOf(state, organizationId === undefined ? undefined : remembered.get(organizationId));
    const explanation = explainCard(state, {
      connection,
      mark: soonest([...state.parties, everyone].flatMap((key) => marks.get(key) ?? [])),
      beingWritten: state.parties.some((party) => writing.has(party)),
      flipsOn: organizationId === undefined ? undefined : flips.get(organizationId),
      fields,
    });
    const difference: Difference = {
      between: "copy-and-zendesk",
      what: kindOf(state),
      record: undefined,
      parties: state.parties,
      organizationId,
      name: "name" in state ? state.name : undefined,
      fields,
      ...explanation,
    };
    return { state, difference };
  });
}

function fieldsOf(state: DifferingCard, remembered: Organization | undefined): FieldDifference[] {
  if (state.kind !== "differs" && state.kind !== "left-over") return [];
  return Object.entries(state.changed).map(([key, wanted]) => ({
    key,
    wanted,
    found: state.found[key] ?? null,
    remembered: (key === "name" ? remembered?.name : remembered?.fields[key]) ?? null,
  }));
}

function isDiffering(state: CardState): state is DifferingCard {
  return state.kind !== "as-wanted" && state.kind !== "at-rest";
}

function kindOf(state: DifferingCard): DifferenceKind {
  switch (state.kind) {
    case "differs":
      return "fields-differ";
    case "left-over":
      return "left-over";
    case "lacks-members":
      return "members-missing";
    case "missing":
    case "parked":
      return "organization-missing";
    case "gone":
      return "organization-gone";
    case "standing":
      return "standing-differs";
    default:
      return assertNever(state);
  }
}

function strayDifference(stray: { organizationId: OrganizationId; name: string; party: string }): Difference {
  return {
    between: "copy-and-zendesk",
    what: "stray-key",
    record: undefined,
    parties: [stray.party],
    organizationId: stray.organizationId,
    name: stray.name,
    fields: [],
    reason: "unexplained",
    says: `It bears the key of ${stray.party}, which is not linked to it. Join the two in Zendesk, or take the key away from it.`,
  };
}

async function repair<Live extends Organization>(
  ports: VerifyPorts<Live>,
  account: ComparedAccount<Live>,
  differences: readonly Difference[],
): Promise<number> {
  const mine = differences.filter(({ reason }) => repaired.has(reason));
  const ids = mine.flatMap(({ organizationId }) => organizationId ?? []);
  // The directory first: a pass that does not know what Zendesk holds would find nothing to do.
  await ports.repair.keep(
    ids.flatMap((id) => account.live.get(id) ?? []),
    ids.filter((id) => account.live.has(id) && account.live.get(id) === undefined),
    account.readAt,
  );
  const records = mine.flatMap(({ record }) => record ?? []);
  const parties = [...new Set(mine.flatMap((one) => (one.record === undefined ? one.parties : [])))];
  await ports.repair.mark("record", records);
  await ports.repair.mark("party", parties);
  return records.length + parties.length;
}

function byKey(marks: readonly MarkFacts[]): Map<string, MarkFacts> {
  return new Map(marks.map((mark) => [mark.key, mark]));
}

function soonest(marks: readonly MarkFacts[]): MarkFacts | undefined {
  return marks.toSorted((one, other) => one.dueAt.getTime() - other.dueAt.getTime())[0];
}
