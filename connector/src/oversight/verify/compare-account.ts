import type { Organization, OrganizationId } from "../../domain/index.ts";
import type { CallBudget } from "./call-budget.ts";
import type { AccountPages, CardState, VerifyPorts } from "./ports.ts";

const idsPerCall = 100;

export interface ComparedAccount<Live extends Organization> {
  states: CardState[];
  /** As Zendesk answered; undefined: asked for, and not there. */
  live: Map<OrganizationId, Live | undefined>;
  strays: { organizationId: OrganizationId; name: string; party: string }[];
  notCompared: { what: string; says: string }[];
  /** Of the directory's clock, before the first question. */
  readAt: Date;
}

/** Calls that reading the linked organizations by id takes. */
export function callsByIds(organizations: number): number {
  return Math.ceil(organizations / idsPerCall);
}

/**
 * Reads the organizations of the cards, and decides each card over them as a pass would. All organizations are listed where the budget
 * allows it: only a list shows organizations that bear a key of ours and belong to nobody.
 */
export async function compareAccount<Live extends Organization>(
  ports: VerifyPorts<Live>,
  budget: CallBudget,
  linked: readonly OrganizationId[],
  onProgress: (cards: number) => void,
): Promise<ComparedAccount<Live>> {
  const readAt = await ports.surroundings.now();
  const live = new Map<OrganizationId, Live | undefined>();
  const notCompared: ComparedAccount<Live>["notCompared"] = [];
  const listed: Live[] = [];
  const pagesOfAll = callsByIds(ports.account.organizations) + 1;
  if (pagesOfAll + callsByIds(linked.length) / 10 <= budget.left)
    listed.push(...(await listAll(ports.account, budget)));
  else
    notCompared.push({
      what: "strays",
      says: "Organizations of nobody were not sought: listing all takes too many calls.",
    });
  for (const organization of listed) live.set(organization.id, organization);
  await readByIds(
    ports.account,
    budget,
    linked.filter((id) => !live.has(id)),
    live,
    notCompared,
  );
  const states: CardState[] = [];
  for await (const batch of ports.cards(live)) {
    states.push(...batch);
    onProgress(states.length);
  }
  return { states, live, strays: await ports.straysOn(listed), notCompared, readAt };
}

/** Reads these organizations again and decides their cards once more: what changed while we compared is no difference. */
export async function lookAgain<Live extends Organization>(
  ports: VerifyPorts<Live>,
  budget: CallBudget,
  compared: ComparedAccount<Live>,
  doubtful: readonly CardState[],
): Promise<CardState[]> {
  const ids = [...new Set(doubtful.flatMap((state) => ("organizationId" in state ? [state.organizationId] : [])))];
  const parties = [...new Set(doubtful.flatMap((state) => state.parties))];
  if (parties.length === 0 || callsByIds(ids.length) > budget.left) return [...doubtful];
  await readByIds(ports.account, budget, ids, compared.live, []);
  const states: CardState[] = [];
  for await (const batch of ports.cards(compared.live, parties)) states.push(...batch);
  return states;
}

/** A list that moves under its cursor may pass one over: what is missing is read by id. */
async function listAll<Live extends Organization>(account: AccountPages<Live>, budget: CallBudget): Promise<Live[]> {
  const listed: Live[] = [];
  const pages = account.pages()[Symbol.asyncIterator]();
  for (let last = false; !last; ) {
    const page = budget.take("zendesk", 1) ? await pages.next() : undefined;
    if (page === undefined || page.done === true) {
      await pages.return?.();
      break;
    }
    listed.push(...page.value.organizations);
    last = page.value.last;
  }
  return listed;
}

async function readByIds<Live extends Organization>(
  account: AccountPages<Live>,
  budget: CallBudget,
  ids: readonly OrganizationId[],
  live: Map<OrganizationId, Live | undefined>,
  notCompared: { what: string; says: string }[],
): Promise<void> {
  for (let start = 0; start < ids.length; start += idsPerCall) {
    const asked = ids.slice(start, start + idsPerCall);
    if (!budget.take("zendesk", 1)) {
      notCompared.push({
        what: "organizations",
        says: `The budget of ${budget.limit} calls left ${ids.length - start} organizations unread.`,
      });
      return;
    }
    for (const id of asked) live.set(id, undefined);
    for (const organization of await account.byIds(asked)) live.set(organization.id, organization);
  }
}
