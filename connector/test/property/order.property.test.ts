import { describe, expect, it } from "vitest";
import type { AccountFile } from "../../src/cli/demo/account-file.ts";
import type { CompanyFile } from "../../src/cli/demo/company-file.ts";
import { type Random, seededRandom } from "../../src/cli/demo/random.ts";
import { sampleAccount } from "../../src/cli/demo/sample-account.ts";
import { sampleCompany } from "../../src/cli/demo/sample-company.ts";
import { startFlow } from "../flow/bench.ts";
import { seedOfRun } from "../harness/seed.ts";

const today = "2026-11-20";
/** Who was created since is in scope for that alone. */
const newSince = "2026-08-22";

describe("the links of a first load", () => {
  it("do not depend on the order in which either system's records arrive", async () => {
    const seed = seedOfRun("order of arrival");
    const company = sampleCompany(seed % 1_000, today);
    const account = sampleAccount(seed % 1_000, company);
    const random = seededRandom(seed);
    const asGiven = await loaded(company, account, (id) => id);
    expect(Object.keys(asGiven).length).toBeGreaterThan(500);

    const { account: dealtAccount, idBefore } = dealAccount(account, random);
    const dealt = await loaded(dealCompany(company, random), dealtAccount, idBefore);
    expect(dealt).toEqual(asGiven);
  });
});

/** What became of each party; organizations by the ids of the account as given, those that were made by name and external id. */
async function loaded(
  company: object,
  account: object,
  idBefore: (id: number) => number,
): Promise<Record<string, unknown>> {
  const flow = await startFlow({ company, account, today });
  try {
    const plan = await flow.load();
    await flow.engine.stores.plans.approve(plan.id, "test");
    await flow.settled();
    const { organizations } = await flow.accountNow();
    const made = new Map(organizations.map((organization) => [organization.id, organization]));
    const standings = await flow.engine.stores.overview.standings(flow.connectionId);
    return Object.fromEntries(
      standings.map(({ key, organizationId, candidates, ...standing }) => {
        const organization = organizationId === undefined ? undefined : made.get(organizationId);
        const held =
          standing.origin === "created"
            ? [organization?.name, organization?.external_id]
            : organization && idBefore(organization.id);
        return [key, { ...standing, held, candidates: candidates.map(idBefore).sort((one, other) => one - other) }];
      }),
    );
  } finally {
    await flow.close();
  }
}

/** Lists in another order, and times of creation, by which we read page after page, dealt anew among the old and among the new ones. */
function dealCompany(company: CompanyFile, random: Random): object {
  return Object.fromEntries(
    Object.entries(company).map(([entity, records]) => [
      entity,
      Array.isArray(records) ? random.shuffled(dealTimes(records as Timed[], random)) : records,
    ]),
  );
}

interface Timed {
  MetaData: { CreateTime: string; LastUpdatedTime: string };
}

function dealTimes(records: readonly Timed[], random: Random): Timed[] {
  const isNew = ({ MetaData }: Timed) => MetaData.CreateTime.slice(0, 10) >= newSince;
  const times = (some: readonly Timed[]) => random.shuffled(some.map(({ MetaData }) => MetaData.CreateTime));
  const decks = { new: times(records.filter(isNew)), old: times(records.filter((record) => !isNew(record))) };
  return records.map((record) => ({
    ...record,
    MetaData: { ...record.MetaData, CreateTime: decks[isNew(record) ? "new" : "old"].pop() ?? "" },
  }));
}

/** Lists in another order, and ids, by which Zendesk lists, dealt anew. */
function dealAccount(account: AccountFile, random: Random) {
  const organizationIds = dealIds(account.organizations, random);
  const userIds = dealIds(account.users, random);
  const organization = (id: number | null) => (id === null ? null : (organizationIds.get(id) ?? id));
  const user = (id: number) => userIds.get(id) ?? id;
  const back = new Map([...organizationIds].map(([before, now]) => [now, before]));
  const dealt: AccountFile = {
    organization_fields: account.organization_fields,
    organizations: random.shuffled(
      account.organizations.map((one) => ({ ...one, id: organization(one.id) ?? one.id })),
    ),
    users: random.shuffled(
      account.users.map((one) => ({ ...one, id: user(one.id), organization_id: organization(one.organization_id) })),
    ),
    organization_memberships: random.shuffled(
      account.organization_memberships.map((one) => ({
        ...one,
        user_id: user(one.user_id),
        organization_id: organization(one.organization_id) ?? one.organization_id,
      })),
    ),
    tickets: [],
  };
  return { account: dealt, idBefore: (id: number) => back.get(id) ?? id };
}

function dealIds(records: readonly { id: number }[], random: Random): Map<number, number> {
  const ids = records.map(({ id }) => id);
  const dealt = random.shuffled(ids);
  return new Map(ids.map((id, index) => [id, dealt[index] ?? id]));
}
