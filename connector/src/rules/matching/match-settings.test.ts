import { describe, expect, it } from "vitest";

import { match, matchAll } from "./index.ts";
import { brief, organization, outcomes, party, user } from "./sample-claims.ts";

describe("a billing e-mail field of the account", () => {
  it("speaks for its organization as a user's address does, and together with one for the same", () => {
    const acme = party("customer:1", { names: ["Zed"], addresses: ["bill@acme.com"] });
    const field = organization(1, "Acme", { billingAddresses: ["bill@acme.com"] });
    expect(outcomes([acme], [field])).toEqual({ "customer:1": "link 1 email" });
    expect(outcomes([acme], [field], [user("bill@acme.com", 1)])).toEqual({ "customer:1": "link 1 email" });
    expect(outcomes([acme], [field, organization(2, "B")], [user("bill@acme.com", 2)])).toEqual({
      "customer:1": "review several-organizations 1,2",
    });
  });
  it("says nothing by an address that unrelated parties share", () => {
    const two = [1, 2].map((id) => party(`customer:${id}`, { names: [`N${id}`], addresses: ["books@x.com"] }));
    expect(outcomes(two, [organization(1, "Acme", { billingAddresses: ["books@x.com"] })])).toEqual({
      "customer:1": "create",
      "customer:2": "create",
    });
  });
});

describe("step 3, the domain of the mail", () => {
  const acme = party("customer:1", { names: ["Zed"], addresses: ["bill@acme.com"], byDomain: true });
  const holder = organization(1, "Acme", { domains: ["Acme.com", "gmail.com"] });
  it("counts only where the operator wants it", () => {
    expect(outcomes([acme], [holder])).toEqual({ "customer:1": "link 1 domain" });
    expect(outcomes([{ ...acme, byDomain: false }], [holder])).toEqual({ "customer:1": "create" });
  });
  it("never counts a free mail provider", () => {
    expect(outcomes([{ ...acme, addresses: ["acme@gmail.com"] }], [holder])).toEqual({ "customer:1": "create" });
  });
  it("yields to a user's address, also another party's, and beats a name", () => {
    const users = [user("bill@acme.com", 2)];
    expect(outcomes([acme], [holder, organization(2, "B")], users)).toEqual({ "customer:1": "link 2 email" });
    const other = party("customer:2", { names: ["Other"], addresses: ["ann@other.com"] });
    expect(outcomes([acme, other], [holder], [user("ann@other.com", 1)])).toEqual({
      "customer:1": "create",
      "customer:2": "link 1 email",
    });
    expect(outcomes([acme, party("customer:3", { names: ["Acme"] })], [holder])).toEqual({
      "customer:1": "link 1 domain",
      "customer:3": "create",
    });
  });
  it("asks a person where unrelated parties share a domain", () => {
    const second = party("customer:2", { names: ["Y"], addresses: ["ann@acme.com"], byDomain: true });
    expect(outcomes([acme, second], [holder])).toEqual({
      "customer:1": "review several-parties 1",
      "customer:2": "review several-parties 1",
    });
  });
});

describe("an organization that holds several clients, as a person said", () => {
  it("is nobody's by any evidence: the next step decides", () => {
    const clients = [1, 2, 3, 4, 5].map((id) =>
      party(`customer:${id}`, { names: [`Client ${id}`], addresses: [`bill@client${id}.com`] }),
    );
    const users = clients.flatMap(({ addresses }) => addresses.map((address) => user(address, 9)));
    const own = organization(1, "Client 1");
    expect(Object.values(outcomes(clients, [organization(9, "VIP"), own], users))).toEqual(
      Array.from({ length: 5 }, () => "review container 9"),
    );
    const told = organization(9, "VIP", { heldBy: "several-clients" });
    expect(Object.values(outcomes(clients, [told, own], users))).toEqual([
      "link 1 name",
      ...Array.from({ length: 4 }, () => "create"),
    ]);
  });
});

describe("a family kept separate", () => {
  const top = party("customer:7", { names: ["Freeman"], addresses: ["goods@freeman.com"] });
  const jobs = [8, 9].map((id) =>
    party(`customer:${id}`, { names: [`Job ${id}`, "Freeman"], addresses: ["goods@freeman.com"], family: top.keyText }),
  );
  it("counts an address once, for its top, which is no rival of its jobs", () => {
    expect(outcomes([...jobs, top], [organization(1, "Goods")], [user("goods@freeman.com", 1)])).toEqual({
      "customer:7": "link 1 email",
      "customer:8": "create",
      "customer:9": "create",
    });
    expect(outcomes([...jobs, top], [organization(1, "Freeman")])).toEqual({
      "customer:7": "link 1 name",
      "customer:8": "create",
      "customer:9": "create",
    });
  });
  it("asks a person about jobs that claim what their top does not", () => {
    expect(outcomes(jobs, [organization(1, "Freeman")])).toEqual({
      "customer:8": "review several-parties 1",
      "customer:9": "review several-parties 1",
    });
  });
});

// Names and addresses as in Intuit's own sample company (recorded by fylein/fyle-qbo-api, MIT): nothing of it may be merged wrongly.
describe("a party of another company of the account", () => {
  it("is a rival like any other, though its number is the same", () => {
    const twin = { ...party("customer:1", { names: ["Acme"] }), keyText: "qbo:30:customer:1" };
    const found = matchAll(
      {
        parties: [party("customer:1", { names: ["Acme"] }), twin],
        organizations: [organization(1, "Acme")],
        users: [],
      },
      [twin.keyText],
    );
    expect([...found].map(([keyText, outcome]) => [keyText, brief(outcome)])).toEqual([
      ["qbo:30:customer:1", "review several-parties 1"],
    ]);
  });
  it("does not share its addresses: where both lead to one organization, a person decides", () => {
    const mine = party("customer:1", { names: ["Acme"], addresses: ["bill@acme.com"] });
    const twin = { ...party("customer:2", { addresses: ["bill@acme.com"] }), keyText: "qbo:30:customer:2" };
    const found = match(
      { parties: [mine, twin], organizations: [organization(1, "Acme")], users: [user("bill@acme.com", 1)] },
      mine.keyText,
    );
    expect(brief(found)).toBe("review several-parties 1");
  });
  it("who is not in the world cannot be asked about", () => {
    expect(() => match({ parties: [], organizations: [], users: [] }, "qbo:30:customer:1")).toThrow(
      "lacks qbo:30:customer:1",
    );
  });
});
