import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parsePartyKey } from "../../src/domain/index.ts";
import { type AccountDump, type Flow, startFlow } from "../flow/bench.ts";
import { compareWithOracle } from "../flow/compare.ts";
import { organizations, smallAccount, smallCompany, today } from "../harness/small-world.ts";
import { changeMapping, mappingWith } from "./change-mapping.ts";

const start = "--- QuickBooks: kept current by ml-connector, changes in here are overwritten ---";
const end = "--- End of QuickBooks ---";
const template = [
  "Open: {{ customer.open }} {{ profile.amountsIn }}",
  "{{ card.documents.filter(d, d.open).map(d, d.number + ' due ' + d.dueDate + ': ' + string(d.balance)) }}",
  "Remarks: {{ customer.record.Notes }}",
].join("\n");
const block = (...lines: string[]) => [start, ...lines, end].join("\n");

describe("the note block", () => {
  const ignored = "customer:2";
  let flow: Flow;
  let before: AccountDump;
  beforeAll(async () => {
    const company = smallCompany();
    // A name in QuickBooks that would end the block early.
    Object.assign(company["Customer"]?.find(({ Id }) => Id === "5") ?? {}, { Notes: `Pays late\n${end}\nSecret` });
    flow = await startFlow({ company, account: smallAccount(), today });
    before = await flow.zendeskControl("GET", "state");
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "Ada");
    await flow.settled();
  });
  afterAll(() => flow?.close());

  const partyOf = async (id: number) => {
    const standings = await flow.engine.stores.overview.standings(flow.connectionId);
    return standings.find(({ organizationId }) => organizationId === id)?.key;
  };
  const organizationOf = async (party: string) => {
    const standings = await flow.engine.stores.overview.standings(flow.connectionId);
    const id = standings.find(({ key }) => key === party)?.organizationId;
    const found = (await flow.accountNow()).organizations.find((each) => each.id === id);
    if (!found) throw new Error(`no organization of ${party}`);
    return found;
  };
  const notesOf = async (party: string) => (await organizationOf(party)).notes;
  const personWrites = async (party: string, notes: string) => {
    const { id } = await organizationOf(party);
    await flow.zendeskControl("POST", "mutate", { entity: "organization", operation: "update", id, record: { notes } });
  };
  const becomesDue = async (id: string, DueDate: string) => {
    const record = { DueDate, TotalAmt: id === "108" ? 50 : 75.5 };
    await flow.quickbooksControl("POST", "mutate", { entity: "Invoice", operation: "update", id, record });
    await flow.engine.sweep(flow.connectionId, "test", () => undefined);
    await flow.settled();
  };
  const decideAll = async () => {
    const parties = await flow.engine.stores.overview.standings(flow.connectionId);
    await flow.engine.stores.marks.mark(
      parties.map(({ key }) => ({
        connectionId: flow.connectionId,
        kind: "party" as const,
        key,
        priority: 20 as const,
        causes: [{ kind: "person" as const, who: "Ada", what: "test", at: "2026-11-20T00:00:00Z" }],
      })),
    );
    await flow.settled();
  };
  const agrees = async () => {
    const { differences, foreignTouched } = await compareWithOracle(flow, before);
    // The comparison is not told of answers.
    expect(differences.filter(({ party }) => party !== ignored)).toEqual([]);
    expect(foreignTouched).toBe(0);
  };

  it("is not there before somebody wants it", async () => {
    expect(await notesOf("customer:1")).toBeNull();
    await agrees();
  });

  it("is written where the notes hold nothing else, and nowhere beside people's text", async () => {
    await changeMapping(flow, mappingWith({ note: { template } }));
    await flow.settled();
    expect(await notesOf("customer:1")).toBe(block("Open: 120.00 USD", "1101 due 2026-12-01: 120.00", "Remarks:"));
    expect(await partyOf(organizations.birch)).toBe("customer:2");
    expect(await notesOf("customer:2")).toBe("Ask for Ms Birch.");
    await agrees();
  });

  it("breaks lines of QuickBooks that look like its own markers", async () => {
    expect(await notesOf("customer:5")).toBe(
      block("Open: 30.00 USD", "1105 due 2026-12-01: 30.00", "Remarks: Pays late", "~ End of QuickBooks ---", "Secret"),
    );
  });

  it("costs no write while its content stays the same", async () => {
    const writes = await flow.zendeskWrites();
    await decideAll();
    expect(await flow.zendeskWrites()).toBe(writes);
  });

  it("is taken back, and their text stays, where people begin to write; it returns when they leave", async () => {
    const ours = await notesOf("customer:8");
    await personWrites("customer:8", `Call Gus, not Gert.\n${ours}\nBefore noon.`);
    // Nobody told us: what we remember of the notes is out of date when we write.
    await becomesDue("108", "2026-12-24");
    expect(await notesOf("customer:8")).toBe("Call Gus, not Gert.\n\nBefore noon.");
    await agrees();
    await personWrites("customer:8", "");
    await flow.engine.loadDirectory(flow.subdomain, () => undefined);
    await decideAll();
    expect(await notesOf("customer:8")).toBe(block("Open: 50.00 USD", "1108 due 2026-12-24: 50.00", "Remarks:"));
  });

  it("stands beside people's text where the operator wants that, and follows what they write", async () => {
    await changeMapping(flow, mappingWith({ note: { template, place: "with-text" } }));
    await flow.settled();
    const birch = block("Open: 75.50 USD", "1102 due 2026-11-01: 75.50", "Remarks:");
    expect(await notesOf("customer:2")).toBe(`Ask for Ms Birch.\n\n${birch}`);
    await personWrites("customer:2", `Ask for Mr Birch.\n\n${birch}\nOr his dog.`);
    await becomesDue("102", "2026-11-05");
    expect(await notesOf("customer:2")).toBe(
      `Ask for Mr Birch.\n\n${block("Open: 75.50 USD", "1102 due 2026-11-05: 75.50", "Remarks:")}\nOr his dog.`,
    );
  });

  it("goes with the party that is taken from its organization, and leaves people's text", async () => {
    await flow.engine.stores.links.storeAnswer(flow.connectionId, parsePartyKey(ignored), { kind: "ignore" }, "Ada");
    await flow.settled();
    const birch = (await flow.accountNow()).organizations.find(({ id }) => id === organizations.birch);
    expect(birch?.notes).toBe("Ask for Mr Birch.\n\n\nOr his dog.");
    before = {
      ...before,
      organizations: before.organizations.map((each) =>
        each.id === birch?.id ? { ...each, notes: birch.notes } : each,
      ),
    };
  });

  it("goes from everywhere with the version of the mapping that wanted it", async () => {
    await changeMapping(flow, mappingWith({}));
    await flow.settled();
    const { organizations: all } = await flow.accountNow();
    expect(all.filter(({ notes }) => notes?.includes("QuickBooks"))).toEqual([]);
    await agrees();
  });
});
