import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Document,
  documentEntities,
  type Entity,
  type Party,
  parseRecordKey,
  parseSubdomain,
  partyEntities,
  partyKeyText,
  priorities,
  type RecordCopy,
  recordKeyText,
} from "../../src/domain/index.ts";
import { applyRecords, type SweepPosition } from "../../src/sync/replica/index.ts";
import { intakeBench } from "./intake-bench.ts";

const bench = await intakeBench({ generate: { customers: 14, vendors: 3, invoices: 24, bills: 6, seed: 11 } });
const { client, marks, mutate, poll, quickbooks, replica, incidents, sweep, activate, of } = bench;

/** The company as it is before each run. */
const { companies } = (await quickbooks.control.get("state")) as { companies: Record<string, object> };
const company = companies[quickbooks.realm] ?? {};

/** What somebody does in QuickBooks; numbers pick among what is there. */
type Deed =
  | {
      do: "invoice" | "pay" | "void" | "delete payment" | "delete invoice" | "rename" | "inactivate" | "activate";
      nth: number;
    }
  | { do: "merge"; nth: number; into: number };
/** How we hear of it, if at all before the last poll. */
type News = "webhook" | "webhook, late" | "lost";
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom<Exclude<Deed["do"], "merge">>(
        "invoice",
        "pay",
        "void",
        "delete payment",
        "delete invoice",
        "rename",
        "inactivate",
        "activate",
      ),
      nth: fc.nat(200),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("merge" as const), nth: fc.nat(200), into: fc.nat(200) }) },
);
const step = fc.record({
  deed,
  news: fc.constantFrom<News>("webhook", "webhook, late", "lost"),
  next: fc.constantFrom("nothing", "read", "poll"),
});

const pick = async (entity: Entity, nth: number): Promise<string> => {
  const ids = [...(await listed()).keys()]
    .filter((key) => key.startsWith(`${entity}:`))
    .map((key) => parseRecordKey(key).id);
  return ids[nth % Math.max(ids.length, 1)] ?? "0";
};

let serial = 0;
/** Returns the records that QuickBooks would announce. Throws when QuickBooks refuses. */
async function perform(what: Deed): Promise<string[]> {
  serial += 1;
  const silent = true;
  switch (what.do) {
    case "invoice": {
      const customer = await pick("Customer", what.nth);
      const record = { CustomerRef: { value: customer }, TotalAmt: serial, TxnDate: "2026-11-20" };
      return [`Invoice:${(await mutate("Invoice", "create", { record, silent })).entity.Id}`];
    }
    case "pay": {
      const id = await pick("Invoice", what.nth);
      const [invoice] = (await client.readRecords(quickbooks.realm, [{ entity: "Invoice", id }])).records;
      if (invoice?.kind !== "document" || invoice.document.balance.isZero()) return [];
      const Amount = invoice.document.balance.toNumber();
      const record = {
        CustomerRef: { value: invoice.document.party.id },
        TotalAmt: Amount,
        TxnDate: "2026-11-21",
        Line: [{ Amount, LinkedTxn: [{ TxnId: id, TxnType: "Invoice" }] }],
      };
      return [`Payment:${(await mutate("Payment", "create", { record, silent })).entity.Id}`];
    }
    case "void":
    case "delete invoice": {
      const id = await pick("Invoice", what.nth);
      await mutate("Invoice", what.do === "void" ? "void" : "delete", { id, silent });
      return [`Invoice:${id}`];
    }
    case "delete payment": {
      const id = await pick("Payment", what.nth);
      await mutate("Payment", "delete", { id, silent });
      return [`Payment:${id}`];
    }
    case "rename": {
      const id = await pick("Customer", what.nth);
      await mutate("Customer", "rename", { id, record: { DisplayName: `Renamed ${serial}` }, silent });
      return [`Customer:${id}`];
    }
    case "inactivate":
    case "activate": {
      const id = await pick("Customer", what.nth);
      await mutate("Customer", what.do, { id, silent });
      return [`Customer:${id}`];
    }
    case "merge": {
      const [id, into] = [await pick("Customer", what.nth), await pick("Customer", what.into)];
      await mutate("Customer", "merge", { id, into, silent });
      return [`Customer:${into}`, `Customer:${id}`];
    }
  }
}

interface Announcement {
  type: string;
  key: string;
}

const hear = (announced: readonly Announcement[]) =>
  marks.mark(
    announced.map(({ type, key }) => ({
      connectionId: of.connectionId,
      kind: "record",
      key,
      priority: priorities.live,
      causes: [{ kind: "webhook", eventId: String(serial), type, at: "2026-11-22T00:00:00Z" }],
    })),
  );

/** As an owner reads what is marked. Returns how often it had to ask. */
async function readMarked(): Promise<number> {
  const fence = { subdomain: parseSubdomain("acme"), epoch: 0 };
  const all = { from: priorities.bulk, to: priorities.urgent };
  for (let asked = 0; ; asked += 1) {
    const held = await marks.claim(
      { connectionIds: [of.connectionId], kind: "record", priorities: all, limit: 50, excluding: [] },
      fence,
    );
    if (held.length === 0) return asked;
    if (asked > 20) throw new Error(`never at rest: ${held.map(({ key }) => key).join(", ")}`);
    const answer = await client.readRecords(
      quickbooks.realm,
      held.map(({ key }) => parseRecordKey(key)),
    );
    await applyRecords(
      { replica, incidents },
      {
        connectionId: of.connectionId,
        answer,
        gone: answer.gone,
        marks: held,
        cause: { kind: "poll", at: answer.readAt },
        priority: priorities.live,
        ripples: "all",
        fence,
      },
    );
  }
}

/** What of a copy means anything to us. References carry names beside ids, which QuickBooks looks up anew for each answer. */
function meaning(copy: RecordCopy): string {
  if (copy.kind === "party") return partyText(copy.party);
  return copy.kind === "document" ? documentText(copy.document) : "";
}

function partyText({ displayName, active, balance, parentId, addresses }: Party): string {
  return JSON.stringify([displayName, active, balance.toFixed(), parentId, addresses]);
}

function documentText(document: Document): string {
  const { party, date, total, balance, unapplied, voided, linked } = document;
  const links = linked.map(recordKeyText).toSorted();
  return JSON.stringify([
    partyKeyText(party),
    date,
    total.toFixed(),
    balance.toFixed(),
    unapplied.toFixed(),
    voided,
    links,
  ]);
}

/** Key -> content of all parties and documents that QuickBooks lists. */
async function listed(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entity of [...Object.values(partyEntities), ...documentEntities]) {
    let after: SweepPosition | undefined;
    do {
      const page = await client.readPage(quickbooks.realm, entity, after);
      for (const copy of page.records) found.set(recordKeyText(copy), meaning(copy));
      after = page.next;
    } while (after !== undefined);
  }
  return found;
}

/** The same of the replica, through the questions that the engine asks. */
async function kept(): Promise<Map<string, string>> {
  const tops = await replica.allTops({ id: of.connectionId }, undefined, 1000);
  const families = await replica.familiesOf({ id: of.connectionId }, tops);
  const members = families.flatMap((family) => family.members.map(({ party }) => party));
  const documents = await replica.documentsOf(of.connectionId, members);
  return new Map([
    ...members.map((party) => [`${partyEntities[party.kind]}:${party.id}`, partyText(party)] as const),
    ...documents.map((document) => [recordKeyText(document), documentText(document)] as const),
  ]);
}

/** What is left of the loser of a merge is not documented. */
const losers = ["deleted", "inactive", "absent"] as const;

describe.each(losers)("the replica, where the loser of a merge is %s", (mergeLoser) => {
  it("comes to hold what QuickBooks holds, whatever was lost, late or heard in another order", async () => {
    await quickbooks.control.post("switches", { mergeLoser });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        await bench.empty();
        await quickbooks.control.post("seed", { company });
        await sweep();
        await activate();
        const late: Announcement[] = [];
        let mergeLost = false;
        for (const { deed: what, news, next } of steps) {
          // A refused deed is nobody's business.
          const keys = await perform(what).catch(() => []);
          const announced = keys.map((key) => ({ key, type: what.do === "merge" ? "qbo.customer.merged.v1" : "x" }));
          if (what.do === "merge" && news === "lost") mergeLost = true;
          if (news === "webhook") await hear(announced);
          if (news === "webhook, late") late.push(...announced);
          if (next === "read") await readMarked();
          if (next === "poll") await poll();
        }
        await hear(late.toReversed());
        await readMarked();
        await poll();
        await readMarked();
        // Nothing but the full sweep can tell that the loser is gone without a trace, or was made active again before anybody looked.
        if (mergeLost && mergeLoser !== "deleted") {
          await sweep();
          await readMarked();
        }
        expect(Object.fromEntries(await kept())).toEqual(Object.fromEntries(await listed()));
      }),
      { numRuns: 8 },
    );
  });
});
