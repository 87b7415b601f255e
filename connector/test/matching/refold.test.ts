import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { foldName } from "../../src/boot/stores.ts";
import { parseOrganizationId, parseSubdomain } from "../../src/domain/index.ts";
import { partyNames } from "../../src/rules/matching/index.ts";
import { createDirectoryStore } from "../../src/store/directory-store.ts";
import { refoldNames } from "../../src/store/refold-names.ts";
import { testDatabase } from "../harness/index.ts";
import { makeConnection } from "../replica/make-connection.ts";

const store = await testDatabase();
afterAll(() => store.close());
const { database } = store;
const subdomain = parseSubdomain("acme");
const directory = createDirectoryStore(database, foldName);

describe("names that an older program folded", () => {
  let connectionId: number;
  beforeEach(async () => {
    for (const table of ["mark", "organization", "party", "disposition"])
      await sql`delete from ${sql.table(table)}`.execute(database);
    await sql`update name_folding set version = 1`.execute(database);
    ({ connectionId } = await makeConnection(database));
    const names = ["Lunar Metalworks (deleted).", "Heron Gardens"];
    await directory.keepOrganizations(
      subdomain,
      names.map((name, index) => ({
        id: parseOrganizationId(index + 1),
        name,
        externalId: undefined,
        domains: [],
        fields: {},
        keys: [],
        updatedAt: undefined,
      })),
      await directory.now(),
    );
    await sql`update organization set name_stem = 'lunar metalworks deleted', near_keys = '{}' where id = 1`.execute(
      database,
    );
    await sql`insert into party (connection_id, kind, id, display_name, fully_qualified_name, active, top_id, currency, balance, name_key,
        path_key, name_stems, record, content_hash, created_at, updated_at, sync_token, read_at)
      select ${connectionId}, 'customer', id, name, name, true, id, 'USD', 0, lower(name), lower(name), array[stem], '{}', '\\x00', now(), now(), 0, now()
      from (values ('1', 'Lunar Metalworks (deleted).', 'lunar metalworks deleted'), ('2', 'Heron Gardens', 'heron gardens')) as p (id, name, stem)`.execute(
      database,
    );
    await sql`insert into disposition (connection_id, kind, id, state, reason, waits_for)
      values (${connectionId}, 'customer', '9', 'parked', 'legal-form', array['name:lunar metalworks'])`.execute(
      database,
    );
  });
  const marked = async () => {
    const rows = await database.selectFrom("mark").select("key").orderBy("key").execute();
    return rows.map(({ key }) => key);
  };

  it("are folded anew once, and whom that concerns is looked at", async () => {
    expect(await refoldNames(database, 3, { name: foldName, party: partyNames })).toBe(2);
    const found = await directory.organizationsByStems(subdomain, ["lunar metalworks"]);
    expect(found.map(({ id }) => id)).toEqual([1]);
    const { rows } = await sql<{ near_keys: string[] }>`select near_keys from organization where id = 1`.execute(
      database,
    );
    expect(rows[0]?.near_keys).toEqual(foldName("Lunar Metalworks").nearKeys);
    const parties = await database.selectFrom("party").select(["id", "name_stems"]).orderBy("id").execute();
    expect(parties.map(({ name_stems }) => name_stems)).toEqual([["lunar metalworks"], ["heron gardens"]]);
    expect(await marked()).toEqual(["customer:1", "customer:9"]);
    await database.deleteFrom("mark").execute();
    expect(await refoldNames(database, 3, { name: foldName, party: partyNames })).toBe(0);
    expect(await marked()).toEqual([]);
  });
});
