import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import {
  type ConnectionId,
  type OrganizationId,
  parseOrganizationId,
  parseSubdomain,
  parseUserId,
  RemoteFailure,
  type UserId,
} from "../../src/domain/index.ts";
import { nameKey, normaliseName } from "../../src/rules/matching/index.ts";
import { createDirectoryStore, patchOrganizations } from "../../src/store/directory-store.ts";
import {
  type ListedOrganization,
  type ListedUser,
  loadDirectory,
  type UserExportPage,
} from "../../src/sync/directory/index.ts";
import { testDatabase } from "../harness/index.ts";
import { makeConnection } from "../replica/make-connection.ts";
import { startZendeskBench } from "../systems/zendesk-bench.ts";

const store = await testDatabase();
afterAll(() => store.close());
const { database } = store;
const subdomain = parseSubdomain("acme");
const fold = (name: string) => ({ nameKey: nameKey(name), nameStem: normaliseName(name).stem, nearKeys: [] });
const directory = createDirectoryStore(database, fold);
let connectionId: ConnectionId;

beforeEach(async () => {
  for (const table of ["mark", "organization", "zendesk_user", "zendesk_user_address", "disposition", "link"])
    await sql`delete from ${sql.table(table)}`.execute(database);
  ({ connectionId } = await makeConnection(database));
  await sql`update account set directory_position = null, directory_loaded_at = null`.execute(database);
});

const organization = (id: number, name: string, more: Partial<ListedOrganization> = {}): ListedOrganization => ({
  id: parseOrganizationId(id),
  name,
  externalId: undefined,
  domains: [],
  fields: {},
  keys: [],
  updatedAt: "2026-01-01T00:00:00Z",
  ...more,
});
const user = (id: number, addresses: string[], of?: number, agent = false): ListedUser => ({
  id: parseUserId(id),
  organizationId: of === undefined ? undefined : parseOrganizationId(of),
  addresses,
  agent,
});

/** What Zendesk would list, two rows a page. */
function zendesk(organizations: ListedOrganization[], users: ListedUser[]) {
  const asked: string[] = [];
  const page = <Row>(rows: Row[], cursor: string | undefined) => {
    const from = Number(cursor ?? 0);
    return { rows: rows.slice(from, from + 2), next: from + 2 < rows.length ? String(from + 2) : undefined };
  };
  return {
    asked,
    source: {
      listOrganizations: (_: unknown, cursor: string | undefined) => {
        asked.push(`organizations ${cursor ?? "first"}`);
        const { rows, next } = page(organizations, cursor);
        return Promise.resolve({ organizations: rows, next });
      },
      listUsers: (_: unknown, cursor: string | undefined) => {
        asked.push(`users ${cursor ?? "first"}`);
        const { rows, next } = page(users, cursor);
        return Promise.resolve({ users: rows, next });
      },
      showByIds: (_: unknown, ids: readonly OrganizationId[]) => {
        asked.push(`show ${ids.join(",")}`);
        return Promise.resolve(organizations.filter(({ id }) => ids.includes(id)));
      },
      showUsers: (_: unknown, ids: readonly UserId[]) => {
        asked.push(`show users ${ids.join(",")}`);
        return Promise.resolve(users.filter(({ id }) => ids.includes(id)));
      },
      countUsers: () => Promise.resolve(users.length),
      exportUsers: () => Promise.reject(new Error("too few for an export")),
    },
  };
}
const wait = () => Promise.resolve();
const load = (from: ReturnType<typeof zendesk>) =>
  loadDirectory({ source: from.source, directory, wait }, subdomain, () => undefined);
const park = (id: string, waitsFor: string) =>
  sql`insert into disposition (connection_id, kind, id, state, reason, waits_for)
    values (${connectionId}, 'customer', ${id}, 'parked', 'several-organizations', array[${waitsFor}])`.execute(
    database,
  );
const marked = async () => {
  const rows = await database.selectFrom("mark").select("key").orderBy("key").execute();
  return rows.map(({ key }) => key);
};
const ids = (rows: { id: number }[]) => rows.map(({ id }) => id);

describe("loading the directory", () => {
  it("finds organizations by id, key, stem and folded name, and users by address and organization", async () => {
    const key = "qbo:9341453000000001:customer:12";
    await load(
      zendesk(
        [
          organization(10, "Blue Sky Ltd."),
          organization(11, "BLUE SKY LTD.", {
            keys: [key],
            externalId: key,
            fields: { qbo_open_count: 3, qbo_key: key },
          }),
          organization(12, "Other", { domains: ["other.com"] }),
        ],
        [user(20, ["ann@x.com", "a@x.com"], 10), user(21, ["bob@x.com"]), user(22, ["agent@x.com"], 10, true)],
      ),
    );
    expect(ids(await directory.organizationsByKeys(subdomain, [key]))).toEqual([11]);
    expect(ids(await directory.organizationsByStems(subdomain, ["blue sky"]))).toEqual([10, 11]);
    expect(ids(await directory.organizationsByNameKeys(subdomain, ["blue sky ltd."]))).toEqual([10, 11]);
    expect(await directory.organizationsByIds(subdomain, [parseOrganizationId(11)])).toEqual([
      organization(11, "BLUE SKY LTD.", {
        keys: [key],
        externalId: key,
        fields: { qbo_open_count: 3, qbo_key: key },
        updatedAt: "2026-01-01T00:00:00.000Z",
      }),
    ]);
    expect(await directory.usersByAddresses(subdomain, ["a@x.com", "bob@x.com"])).toEqual([
      user(20, ["a@x.com", "ann@x.com"], 10),
      user(21, ["bob@x.com"]),
    ]);
    expect(ids(await directory.usersOfOrganizations(subdomain, [parseOrganizationId(10)]))).toEqual([20, 22]);
    expect(await directory.counts(subdomain)).toEqual({ organizations: 3, users: 3 });
    const account = await database.selectFrom("account").selectAll().executeTakeFirstOrThrow();
    expect([account.directory_loaded_at !== null, account.directory_position]).toEqual([true, null]);
  });

  it("goes on at the page where it fell", async () => {
    const five = [1, 2, 3, 4, 5].map((id) => organization(id, `Organization ${id}`));
    const failing = zendesk(five, [user(20, ["ann@x.com"])]);
    const listOrganizations = failing.source.listOrganizations;
    failing.source.listOrganizations = (of, cursor) =>
      cursor === "4" ? Promise.reject(new Error("no answer")) : listOrganizations(of, cursor);
    await expect(load(failing)).rejects.toThrow("no answer");
    const resumed = zendesk(five, [user(20, ["ann@x.com"])]);
    expect(await load(resumed)).toMatchObject({ organizations: 5, users: 1 });
    expect(resumed.asked).toEqual(["organizations 4", "users first"]);
    expect(await directory.counts(subdomain)).toEqual({ organizations: 5, users: 1 });
  });

  it("asks for what the list did not show before it counts as gone, then marks its linked parties", async () => {
    await load(
      zendesk(
        [organization(1, "Kept"), organization(2, "Hidden"), organization(3, "Deleted")],
        [user(20, ["ann@x.com"], 3)],
      ),
    );
    await sql`insert into link (connection_id, kind, id, subdomain, organization_id, origin, step)
      values (${connectionId}, 'customer', '7', ${subdomain}, 3, 'created', 'created')`.execute(database);
    await park("8", "name:deleted");
    await park("9", "address:ann@x.com");
    const later = zendesk([organization(1, "Kept")], []);
    later.source.showByIds = (_, asked) => {
      later.asked.push(`show ${asked.join(",")}`);
      return Promise.resolve([organization(2, "Hidden")]);
    };
    await load(later);
    expect(later.asked.slice(-2)).toEqual(["show 2,3", "show users 20"]);
    expect(await directory.counts(subdomain)).toEqual({ organizations: 2, users: 0 });
    expect(await marked()).toEqual(["customer:7", "customer:8", "customer:9"]);
  });

  it("waits where the exports' bucket is empty, and lists users where this account may not export", async () => {
    const refused = (status: number, action: "wait" | "reauthorize") =>
      new RemoteFailure({
        system: "zendesk",
        operation: "IncrementalUserExportCursor",
        code: "",
        status,
        action,
        says: "no",
        retryAfterMs: 7_000,
      });
    const waits: number[] = [];
    const many = zendesk([organization(1, "One")], [user(20, ["ann@x.com"], 1)]);
    const pages: (RemoteFailure | UserExportPage)[] = [
      refused(429, "wait"),
      { users: [user(20, ["ann@x.com"], 1), user(21, ["bob@x.com"])], gone: [], cursor: "c1", last: false },
      { users: [user(22, ["eve@x.com"])], gone: [parseUserId(21)], cursor: "c2", last: true },
    ];
    const exporting = {
      ...many.source,
      countUsers: () => Promise.resolve(1_001),
      exportUsers: async () => {
        const page = pages.shift();
        if (page === undefined || page instanceof RemoteFailure) throw page;
        return page;
      },
    };
    const waiting = async (ms: number) => void waits.push(ms);
    await loadDirectory({ source: exporting, directory, wait: waiting }, subdomain, () => undefined);
    expect(waits).toEqual([7_000]);
    expect(ids(await directory.usersByAddresses(subdomain, ["ann@x.com", "bob@x.com", "eve@x.com"]))).toEqual([20, 22]);
    const { user_export } = await database.selectFrom("account").select("user_export").executeTakeFirstOrThrow();
    expect(user_export?.cursor).toBe("c2");

    pages.push(refused(403, "reauthorize"));
    expect(
      await loadDirectory({ source: exporting, directory, wait: waiting }, subdomain, () => undefined),
    ).toMatchObject({ users: 1 });
    expect(ids(await directory.usersByAddresses(subdomain, ["ann@x.com", "eve@x.com"]))).toEqual([20]);
  });

  it("never lays an older answer over what was written meanwhile", async () => {
    await load(zendesk([organization(1, "Old", { fields: { qbo_open_count: 1 } })], [user(20, ["ann@x.com"])]));
    const slow = zendesk([organization(1, "Old", { fields: { qbo_open_count: 1 } })], [user(20, ["ann@x.com"])]);
    const { listOrganizations } = slow.source;
    slow.source.listOrganizations = async (of, cursor) => {
      const page = await listOrganizations(of, cursor);
      await database
        .transaction()
        .execute((executor) =>
          patchOrganizations(executor, fold, subdomain, [
            { id: parseOrganizationId(1), name: "New", fields: { qbo_open_count: 2 } },
          ]),
        );
      return page;
    };
    await load(slow);
    const [now] = await directory.organizationsByIds(subdomain, [parseOrganizationId(1)]);
    expect(now).toMatchObject({ name: "New", fields: { qbo_open_count: 2 } });
  });
});

describe("a change of the directory", () => {
  it("wakes whoever waits for an organization, a name that it bore or bears, or an address that a user has or had", async () => {
    await load(
      zendesk(
        [organization(1, "Blue Sky"), organization(2, "Still")],
        [user(20, ["ann@x.com"], 1), user(21, ["bob@x.com"])],
      ),
    );
    await park("1", "organization:1");
    await park("2", "name:blue sky");
    await park("3", "name:red earth");
    await park("4", "address:ann@x.com");
    await park("5", "address:new@x.com");
    await park("6", "organization:2");
    await park("7", "address:bob@x.com");
    await load(
      zendesk(
        [organization(1, "Red Earth"), organization(2, "Still")],
        [user(20, ["new@x.com"], 1), user(21, ["bob@x.com"])],
      ),
    );
    expect(await marked()).toEqual(["customer:1", "customer:2", "customer:3", "customer:4", "customer:5"]);
  });

  it("that only our own figures made wakes nobody", async () => {
    await load(zendesk([organization(1, "Blue Sky")], []));
    await park("1", "organization:1");
    await database
      .transaction()
      .execute((executor) =>
        patchOrganizations(executor, fold, subdomain, [{ id: parseOrganizationId(1), fields: { qbo_open_count: 9 } }]),
      );
    expect(await marked()).toEqual([]);
  });
});

it("the directory of a Zendesk account is what its people see", async () => {
  const bench = await startZendeskBench({
    subdomain: "acme",
    account: {
      organizations: Array.from({ length: 130 }, (_, n) => ({ id: 5_000_000_000 + n, name: `Client ${n}` })),
      users: Array.from({ length: 220 }, (_, n) => ({
        id: 6_000_000_000 + n,
        name: `User ${n}`,
        email: `user${n}@example.com`,
        organization_id: n < 130 ? 5_000_000_000 + n : null,
      })),
    },
  });
  try {
    const loaded = await loadDirectory({ source: bench.client, directory, wait }, subdomain, () => undefined);
    expect(loaded).toMatchObject({ organizations: 130 });
    expect(await directory.counts(subdomain)).toMatchObject({ organizations: 130, users: loaded.users });
    expect(await directory.usersByAddresses(subdomain, ["user7@example.com"])).toMatchObject([
      { organizationId: 5_000_000_007, agent: false },
    ]);
    await bench.control.post("mutate", { entity: "organization", operation: "delete", id: 5_000_000_007 });
    await loadDirectory({ source: bench.client, directory, wait }, subdomain, () => undefined);
    expect(await directory.organizationsByIds(subdomain, [parseOrganizationId(5_000_000_007)])).toEqual([]);
    expect(await directory.usersByAddresses(subdomain, ["user7@example.com"])).toMatchObject([
      { organizationId: undefined },
    ]);
    // A second address of hers is known by the next load, and one that nobody has verified is not.
    for (const identity of [
      { type: "email", value: "Seven@Second.example", verified: true },
      { type: "email", value: "somebody@else.example", verified: false },
    ])
      await bench.exchange({
        method: "POST",
        url: `${bench.url}/api/v2/users/6000000007/identities`,
        headers: {
          authorization: `Bearer ${bench.tokens.current}`,
          "content-type": "application/json",
          host: "acme.zendesk.com",
        },
        body: JSON.stringify({ identity }),
        timeoutMs: 5_000,
        maxBytes: 100_000,
        deadline: undefined,
      });
    await loadDirectory({ source: bench.client, directory, wait }, subdomain, () => undefined);
    const seven = await directory.usersByAddresses(subdomain, ["seven@second.example"]);
    expect(seven).toMatchObject([{ id: 6_000_000_007, addresses: ["seven@second.example", "user7@example.com"] }]);
    expect(await directory.usersByAddresses(subdomain, ["somebody@else.example"])).toEqual([]);
  } finally {
    await bench.close();
  }
});
