// Any forest of families, any order of the setting's values: what the account holds is what the comparison program computes, and undoing a
// change leaves nothing of it.
import { describe, expect, it } from "vitest";
import { type Random, seededRandom } from "../../src/cli/demo/random.ts";
import type { Families } from "../../src/domain/index.ts";
import { type AccountDump, startFlow } from "../flow/bench.ts";
import { seedOfRun } from "../harness/seed.ts";
import { customer, invoice } from "./company.ts";
import { change, differences, seen, today, undo, verified } from "./steps.ts";

const values: readonly Families[] = ["roll-up", "separate", "without-projects"];
const customers = 24;

describe("a change of families", () => {
  it("comes to the same as a first load under it, and undoing it to what was before", async () => {
    const seed = seedOfRun("families");
    const random = seededRandom(seed);
    const { company, account } = forest(random);
    const [first = "roll-up", second = "separate", third = "without-projects"] = random.shuffled([...values]);
    const flow = await startFlow({ company, account, today, settings: { families: first } });
    const shows = async (of: Families, before: AccountDump, membersOf = before) => {
      expect(await differences(flow, before, membersOf), `${of}, seed ${seed}`).toEqual([]);
    };
    try {
      const before = await flow.accountNow();
      const plan = await flow.load();
      await flow.engine.stores.plans.approve(plan.id, "test");
      await flow.settled();
      await shows(first, before);
      let members = await flow.accountNow();
      await change(flow, second);
      await shows(second, before, members);
      members = await flow.accountNow();
      const undone = await change(flow, third);
      await shows(third, before, members);
      expect((await verified(flow)).filter(isUnexpected), `seed ${seed}`).toEqual([]);
      const joined = (await flow.accountNow()).users.some(({ id, organization_id }) => {
        const was = members.users.find((user) => user.id === id);
        return was?.organization_id !== organization_id;
      });
      await undo(flow, undone);
      await shows(second, before, await flow.accountNow());
      // An organization that somebody belongs to by now stays, and is found again by its name.
      if (!joined) expect(seen(await flow.accountNow()), `seed ${seed}`).toEqual(seen(members));
    } finally {
      await flow.close();
    }
  });
});

/** Who waits for a person is told by verify, too. */
const isUnexpected = (difference: string) => !difference.endsWith("parked");

/** Families up to four levels deep, projects, other currencies, inactive relatives, addresses that relatives and strangers share. */
function forest(random: Random) {
  const levels = new Map<string, number>();
  const all = Array.from({ length: customers }, (_, place) => {
    const id = String(place + 1);
    const parents = [...levels].filter(([, level]) => level < 4).map(([known]) => known);
    const under = parents.length > 0 && !random.chance(1 / 3) ? random.pick(parents) : undefined;
    levels.set(id, under === undefined ? 1 : (levels.get(under) ?? 1) + 1);
    return customer(id, `${random.pick(words)} ${random.pick(words)} ${id}`, {
      ...(under === undefined ? {} : { under }),
      ...(random.chance(1 / 2) ? { mail: `office@client${random.between(1, customers)}.example` } : {}),
      ...(under !== undefined && random.chance(1 / 3) ? { IsProject: true } : {}),
      ...(random.chance(1 / 6) ? { CurrencyRef: { value: "EUR" } } : {}),
      ...(random.chance(1 / 8) ? { Active: false } : {}),
    });
  });
  const invoices = all.flatMap((of, place) =>
    random.chance(1 / 4)
      ? []
      : [
          invoice(
            String(100 + place),
            String(of["Id"]),
            random.between(1, 900),
            random.pick(["2026-10-20", "2026-12-20"]),
            {
              CurrencyRef: of["CurrencyRef"],
              ...(JSON.stringify(of["CurrencyRef"]).includes("EUR") ? { ExchangeRate: 1.1 } : {}),
            },
          ),
        ],
  );
  const organizations = Array.from({ length: 6 }, (_, place) => ({
    id: 910_000_000_801 + place,
    name: `Known ${place}`,
  }));
  const users = organizations.map(({ id }, place) => ({
    id: 811 + place,
    name: `Person ${place}`,
    email: `office@client${place * 3 + 1}.example`,
    role: "end-user",
    verified: true,
    organization_id: place % 2 === 0 ? id : null,
  }));
  return {
    company: {
      Preferences: [{ Id: "1", CurrencyPrefs: { MultiCurrencyEnabled: true, HomeCurrency: { value: "USD" } } }],
      Customer: all,
      Vendor: [],
      Invoice: invoices,
      Bill: [],
    },
    account: { organizations, users, organization_memberships: [] },
  };
}

const words = ["Alder", "Birch", "Cedar", "Elm", "Gorse", "Hazel", "North", "South", "Yard", "Annex"];
