import { sql } from "kysely";
import { afterAll, expect, it } from "vitest";
import { type Disposition, parseOrganizationId, parsePartyKey, priorities } from "../../src/domain/index.ts";
import { nameKey, normaliseName } from "../../src/rules/matching/index.ts";
import { createMarkStore } from "../../src/store/mark-store.ts";
import { createSettleStore } from "../../src/store/settle-store.ts";
import { emptySettlement } from "../../src/sync/reconcile/settle/settlement.ts";
import { testDatabase } from "../harness/index.ts";
import { makeConnection } from "../replica/make-connection.ts";

const store = await testDatabase();
afterAll(() => store.close());

// SPEC.md I13.
it("a settlement leaves nothing behind when one part of it is refused", async () => {
  const { connectionId, subdomain } = await makeConnection(store.database, { epoch: 1 });
  const settle = createSettleStore(store.database, (name) => ({
    nameKey: nameKey(name),
    nameStem: normaliseName(name).stem,
    nearKeys: [],
  }));
  const marks = createMarkStore(store.database);
  const cause = { kind: "poll", at: "2026-11-20T10:00:00Z" } as const;
  await marks.mark([{ connectionId, kind: "party", key: "customer:1", priority: priorities.live, causes: [cause] }]);
  const party = parsePartyKey("customer:1");
  const organizationId = parseOrganizationId(7);
  const link = { connectionId, party, subdomain, organizationId, origin: "created", step: "created" } as const;
  const whole = {
    ...emptySettlement(),
    links: [{ ...link, evidence: [], confirmedBy: undefined }],
    organizations: [{ id: organizationId, name: "Acme", fields: {} }],
    cards: [
      { connectionId, organizationId, applied: {}, appliedName: "Acme", mappingVersion: 1, nextFlipOn: undefined },
    ],
    settled: [{ connectionId, kind: "party" as const, key: "customer:1", gen: 1 }],
  };
  const refused: Disposition = { kind: "no such standing" as "ignored", by: "a newer version" };
  const broken = { ...whole, standings: [{ connectionId, party, disposition: refused }] };
  await expect(settle.commit({ subdomain, epoch: 1 }, broken)).rejects.toThrow();
  const counts = async () => {
    const { rows } =
      await sql`select (select count(*) from link) as links, (select count(*) from organization) as organizations,
      (select count(*) from card) as cards, (select count(*) from mark) as marks`.execute(store.database);
    return rows[0];
  };
  expect(await counts()).toEqual({ links: 0, organizations: 0, cards: 0, marks: 1 });
  await settle.commit({ subdomain, epoch: 1 }, whole);
  expect(await counts()).toEqual({ links: 1, organizations: 1, cards: 1, marks: 0 });
});
