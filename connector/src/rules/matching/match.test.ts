import { describe, expect, it } from "vitest";

import { match } from "./index.ts";
import { organization, outcomes, party, realm, user } from "./sample-claims.ts";

describe("step 1, our key", () => {
  const keyed = party("customer:1", { names: ["Acme"], addresses: ["bill@acme.com"] });
  it("finds the organization that carries it, before any other evidence, whoever holds it", () => {
    const organizations = [
      organization(1, "Renamed by hand", { keys: [keyed.keyText, `qbo:${realm}:vendor:7`], heldBy: "us" }),
      organization(2, "Acme"),
    ];
    expect(outcomes([keyed], organizations, [user("bill@acme.com", 2)])).toEqual({ "customer:1": "link 1 key" });
  });
  it("asks a person when several organizations carry it", () => {
    const organizations = [
      organization(1, "A", { keys: [keyed.keyText] }),
      organization(2, "B", { keys: [keyed.keyText] }),
    ];
    expect(outcomes([keyed], organizations)).toEqual({ "customer:1": "review several-organizations 1,2" });
  });
  it("of another party keeps an organization out of every later step, and so does a link", () => {
    const other = [
      organization(1, "Acme", { keys: [`qbo:${realm}:vendor:9`] }),
      organization(2, "Acme", { heldBy: "us" }),
    ];
    expect(outcomes([keyed], other, [user("bill@acme.com", 1), user("bill@acme.com", 2)])).toEqual({
      "customer:1": "create",
    });
  });
});

describe("step 2, e-mail", () => {
  it("finds the organization of the users who have an address of the party, before its name", () => {
    const acme = party("customer:1", { names: ["Acme"], addresses: ["bill@acme.com", "ann@acme.com"] });
    const users = [user("bill@acme.com", 1), user("ann@acme.com", 1)];
    expect(
      match(
        { parties: [acme], organizations: [organization(1, "Other"), organization(2, "Acme")], users },
        acme.keyText,
      ),
    ).toEqual({
      kind: "link",
      organizationId: 1,
      step: "email",
      evidence: [
        "a user with the address ann@acme.com belongs to it",
        "a user with the address bill@acme.com belongs to it",
      ],
    });
  });
  it("asks a person when the addresses lead to several organizations", () => {
    const acme = party("customer:1", { addresses: ["a@acme.com", "b@acme.com"] });
    const users = [user("a@acme.com", 1), user("b@acme.com", 2)];
    expect(outcomes([acme], [organization(1, "A"), organization(2, "B")], users)).toEqual({
      "customer:1": "review several-organizations 1,2",
    });
  });
  it("neither links nor parks by an address that unrelated parties share, be one of them out of scope: the name decides", () => {
    const books = { addresses: ["books@acme.com"] };
    const organizations = [organization(1, "Bookkeeper"), organization(2, "Bessie")];
    const parties = [
      party("vendor:30", { names: ["Bessie"], ...books }),
      party("vendor:31", { names: ["Jessie"], ...books, eligible: false }),
    ];
    expect(outcomes(parties, organizations, [user("books@acme.com", 1)])).toEqual({ "vendor:30": "link 2 name" });
  });
  it("says nothing through agents: neither their addresses nor the organizations that they belong to", () => {
    const acme = party("customer:1", { names: ["Acme"], addresses: ["bill@acme.com"] });
    const internal = [organization(1, "We"), organization(2, "Acme")];
    expect(outcomes([acme], internal, [user("bill@acme.com", 1), user("me@we.example", 1, true)])).toEqual({
      "customer:1": "link 2 name",
    });
    expect(outcomes([acme], internal, [user("bill@acme.com", 1, true)])).toEqual({ "customer:1": "link 2 name" });
  });
  it("says nothing through users without an organization", () => {
    const acme = party("customer:1", { names: ["Acme"], addresses: ["bill@acme.com"] });
    expect(outcomes([acme], [organization(2, "Acme")], [user("bill@acme.com")])).toEqual({
      "customer:1": "link 2 name",
    });
  });
  it("asks a person about all unrelated parties that claim one organization, not about those who may not be matched", () => {
    const parties = [
      party("customer:1", { addresses: ["a@one.com"] }),
      party("customer:2", { addresses: ["a@two.com"] }),
      party("customer:3", { addresses: ["a@three.com"], eligible: false }),
    ];
    const users = [user("a@one.com", 1), user("a@two.com", 1), user("a@three.com", 1)];
    expect(outcomes(parties, [organization(1, "Group")], users)).toEqual({
      "customer:1": "review several-parties 1",
      "customer:2": "review several-parties 1",
    });
    expect(outcomes(parties.slice(1), [organization(1, "Group")], users)).toEqual({ "customer:2": "link 1 email" });
  });
  it("asks one question about a container: an organization that more than three parties claim", () => {
    const claimants = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        party(`customer:${index + 1}`, { addresses: [`a@client${index}.com`] }),
      );
    const users = Array.from({ length: 9 }, (_, index) => user(`a@client${index}.com`, 1));
    const vip = [organization(1, "VIP")];
    expect(new Set(Object.values(outcomes(claimants(3), vip, users)))).toEqual(new Set(["review several-parties 1"]));
    expect(new Set(Object.values(outcomes(claimants(4), vip, users)))).toEqual(new Set(["review container 1"]));
    const nine = match({ parties: claimants(9), organizations: vip, users }, `qbo:${realm}:customer:5`);
    expect(nine.kind === "review" && nine.waitsFor.filter((key) => key.startsWith("party:"))).toHaveLength(5);
  });
});

describe("step 4, the name", () => {
  it("finds an organization by display or company name, whatever the case, accents and punctuation", () => {
    const acme = party("customer:1", { names: ["Ann Lee", "Café Acmé, Inc."] });
    expect(outcomes([acme], [organization(1, "CAFE ACME INC")])).toEqual({ "customer:1": "link 1 name" });
  });
  it("takes a legal form that one side lacks, and asks a person about two different ones", () => {
    const organizations = [organization(1, "Acme Inc")];
    expect(outcomes([party("customer:1", { names: ["Acme"] })], organizations)).toEqual({
      "customer:1": "link 1 name",
    });
    expect(outcomes([party("customer:1", { names: ["Acme Ltd"] })], organizations)).toEqual({
      "customer:1": "review legal-form 1",
    });
    expect(outcomes([party("customer:1", { names: ["Acme Ltd", "ACME INCORPORATED"] })], organizations)).toEqual({
      "customer:1": "link 1 name",
    });
  });
  it("asks a person where what one side lacks may be an everyday word", () => {
    expect(outcomes([party("customer:1", { names: ["Diamond Spa"] })], [organization(1, "Diamond")])).toEqual({
      "customer:1": "review legal-form 1",
    });
    expect(outcomes([party("customer:1", { names: ["Diamond S.p.A."] })], [organization(1, "Diamond")])).toEqual({
      "customer:1": "link 1 name",
    });
    expect(outcomes([party("customer:1", { names: ["Diamond Spa"] })], [organization(1, "DIAMOND SPA")])).toEqual({
      "customer:1": "link 1 name",
    });
  });
  it("asks a person when several organizations bear the name, but not about a doubtful one beside a certain one", () => {
    const acme = party("customer:1", { names: ["Acme Inc"] });
    expect(outcomes([acme], [organization(1, "Acme"), organization(2, "Acme Inc")])).toEqual({
      "customer:1": "review several-organizations 2,1",
    });
    expect(outcomes([acme], [organization(1, "Acme Ltd"), organization(2, "Acme Inc")])).toEqual({
      "customer:1": "link 2 name",
    });
    expect(outcomes([acme], [organization(1, "Acme Ltd"), organization(2, "Acme GmbH")])).toEqual({
      "customer:1": "review several-organizations 1,2",
    });
  });
  it("asks a person about all unrelated parties of one name", () => {
    const parties = [party("customer:1", { names: ["Test Project"] }), party("vendor:1", { names: ["Test Project"] })];
    expect(outcomes(parties, [organization(1, "Test Project")])).toEqual({
      "customer:1": "review several-parties 1",
      "vendor:1": "review several-parties 1",
    });
  });
  it("asks a person when the party's corporate mail domain contradicts the organization's domains or users", () => {
    const acme = party("customer:1", { names: ["Acme"], addresses: ["bill@acme.com"] });
    const contradicted = { "customer:1": "review domain-contradicts 1" };
    expect(outcomes([acme], [organization(1, "Acme", { domains: ["acme-tools.com"] })])).toEqual(contradicted);
    expect(outcomes([acme], [organization(1, "Acme")], [user("ann@acme-tools.com", 1)])).toEqual(contradicted);
  });
  it("finds no contradiction in free mail, subdomains of one company, agents, shared addresses, or where one side has no domain", () => {
    const linked = { "customer:1": "link 1 name" };
    const at = (address: string) => party("customer:1", { names: ["Acme"], addresses: [address] });
    expect(outcomes([at("acme@gmail.com")], [organization(1, "Acme", { domains: ["acme.com"] })])).toEqual(linked);
    expect(outcomes([at("bill@acme.com")], [organization(1, "Acme", { domains: ["gmail.com"] })])).toEqual(linked);
    expect(outcomes([at("bill@acme.com")], [organization(1, "Acme")], [user("ann@mail.acme.com", 1)])).toEqual(linked);
    expect(outcomes([at("bill@acme.com")], [organization(1, "Acme")], [user("me@we.com", 1, true)])).toEqual(linked);
    expect(outcomes([at("bill@acme.com")], [organization(1, "Acme")])).toEqual(linked);
    const sharer = party("customer:2", { addresses: ["office@books.com"], eligible: false });
    expect(outcomes([at("office@books.com"), sharer], [organization(1, "Acme", { domains: ["acme.com"] })])).toEqual(
      linked,
    );
  });
  it("is not asked of a party whose e-mail found something, even if that waits for a person", () => {
    const acme = party("customer:1", { names: ["Acme"], addresses: ["a@acme.com", "b@acme.com"] });
    const organizations = [organization(1, "A"), organization(2, "B"), organization(3, "Acme")];
    expect(outcomes([acme], organizations, [user("a@acme.com", 1), user("b@acme.com", 2)])).toEqual({
      "customer:1": "review several-organizations 1,2",
    });
  });
  it("claims nothing by a name that shows nothing", () => {
    expect(outcomes([party("customer:1", { names: [" "] })], [organization(1, "\u200b")])).toEqual({
      "customer:1": "create",
    });
  });
});

describe("an earlier step", () => {
  const named = party("customer:1", { names: ["Acme"] });
  const byMail = party("customer:2", { names: ["Zenith"], addresses: ["a@acme.com", "b@acme.com"] });
  it("beats a later one: who has only the name gets an organization of its own", () => {
    expect(outcomes([named, byMail], [organization(1, "Acme")], [user("a@acme.com", 1)])).toEqual({
      "customer:1": "create",
      "customer:2": "link 1 email",
    });
  });
  it("leaves the rest to the name: what remains may be exactly one", () => {
    expect(
      outcomes([named, byMail], [organization(1, "Acme"), organization(2, "Acme Inc")], [user("a@acme.com", 1)]),
    ).toEqual({
      "customer:1": "link 2 name",
      "customer:2": "link 1 email",
    });
  });
  it("keeps an organization from being taken by name while its own claim waits for a person: both wait", () => {
    const users = [user("a@acme.com", 1), user("b@acme.com", 2)];
    expect(outcomes([named, byMail], [organization(1, "Acme"), organization(2, "B")], users)).toEqual({
      "customer:1": "review several-parties 1",
      "customer:2": "review several-organizations 1,2",
    });
  });
  it("makes the doubtful name give way to the certain one", () => {
    const parties = [party("customer:1", { names: ["Acme Ltd"] }), party("customer:2", { names: ["Acme Inc"] })];
    expect(outcomes(parties, [organization(1, "Acme Inc")])).toEqual({
      "customer:1": "create",
      "customer:2": "link 1 name",
    });
  });
});

describe("Intuit's sample company", () => {
  const mail = "books@intuit.com";
  const vendors = ["Books by Bessie", "Books by jessie", "Books by lessies", "samp_merchant"].map((name, index) =>
    party(`vendor:${index + 30}`, { names: [name, name], addresses: [mail] }),
  );
  const freeman = party("customer:7", { names: ["Freeman Sporting Goods"], addresses: ["sporting_goods@intuit.com"] });
  const shara = party("customer:22", {
    names: ["Shara Barnett"],
    addresses: ["shara@barnett.com", "design@intuit.com"],
  });
  const projects = [58, 59].map((id) => party(`customer:${id}`, { names: ["Test Project"] }));
  it("keeps vendors of one address apart, each for its name", () => {
    const organizations = [organization(1, "BOOKS BY BESSIE"), organization(2, "Bookshops")];
    expect(outcomes(vendors, organizations, [user(mail, 2)])).toEqual({
      "vendor:30": "link 1 name",
      "vendor:31": "create",
      "vendor:32": "create",
      "vendor:33": "create",
    });
  });
  it("finds families by any member's address, and gives nobody the name of two projects", () => {
    const organizations = [
      organization(1, "Barnett Design"),
      organization(2, "Test Project"),
      organization(3, "Freeman"),
    ];
    const users = [user("design@intuit.com", 1), user("sporting_goods@intuit.com", 3)];
    expect(outcomes([freeman, shara, ...projects], organizations, users)).toEqual({
      "customer:7": "link 3 email",
      "customer:22": "link 1 email",
      "customer:58": "review several-parties 2",
      "customer:59": "review several-parties 2",
    });
  });
});

describe("a parked party", () => {
  it("waits for its names, its addresses, its candidates and its rivals, and says so", () => {
    const parties = [
      party("customer:1", { names: ["Acme Inc"], addresses: ["x@gmail.com"] }),
      party("vendor:5", { names: ["ACME"] }),
    ];
    expect(match({ parties, organizations: [organization(1, "Acme")], users: [] }, `qbo:${realm}:customer:1`)).toEqual({
      kind: "review",
      reason: "several-parties",
      says: '"Acme" (1) is claimed by name by vendor:5 as well.',
      candidates: [
        { organizationId: 1, name: "Acme", score: 0.7, evidence: ['its name is "Acme", the party\'s "Acme Inc"'] },
      ],
      waitsFor: ["name:acme", "address:x@gmail.com", "organization:1", "party:vendor:5"],
    });
  });
  it("to be created waits for what could still name it", () => {
    const acme = party("customer:1", { names: ["Acme Inc"], addresses: ["bill@acme.com"] });
    expect(match({ parties: [acme], organizations: [], users: [] }, acme.keyText)).toEqual({
      kind: "create",
      waitsFor: ["name:acme", "address:bill@acme.com"],
    });
  });
});
