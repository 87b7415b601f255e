import { sql } from "kysely";
import type { ConnectionId, Disposition, OrganizationId, PartyKey, Subdomain } from "../domain/index.ts";
import { partyKeyText } from "../domain/index.ts";
import type { Link, LinkStore, ParkedParty, StandingAnswer } from "../sync/links/ports.ts";
import { putAnswers, takeBackAnswers } from "./answer-rows.ts";
import type { Database, Executor } from "./database.ts";
import { dispositionColumns, dispositionFrom } from "./disposition-rows.ts";

export function createLinkStore(database: Database): LinkStore {
  return {
    async linksOf(connectionId, parties) {
      if (parties.length === 0) return [];
      const rows = await database
        .selectFrom("link")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .where(partyIn(parties))
        .execute();
      return rows.map(linkFrom);
    },

    async linksTo(subdomain, organizations) {
      if (organizations.length === 0) return [];
      const rows = await database
        .selectFrom("link")
        .selectAll()
        .where("subdomain", "=", subdomain)
        .where(sql<boolean>`organization_id = any(${sql.val([...organizations])}::bigint[])`)
        .execute();
      return rows.map(linkFrom);
    },

    async answersOf(connectionId, parties) {
      if (parties.length === 0) return [];
      const rows = await database
        .selectFrom("answer")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .where("undone_at", "is", null)
        .where(partyIn(parties, "id_of_party"))
        .execute();
      return rows.map(
        (row): StandingAnswer => ({ party: { kind: row.kind, id: row.id_of_party }, answer: row.answer, who: row.who }),
      );
    },

    async dispositionsOf(connectionId, parties) {
      if (parties.length === 0) return new Map();
      const rows = await database
        .selectFrom("disposition")
        .selectAll()
        .where("connection_id", "=", connectionId)
        .where(partyIn(parties))
        .execute();
      return new Map(rows.map((row) => [partyKeyText(row), dispositionFrom(row)]));
    },

    async countDispositions(connectionId) {
      const rows = await database
        .selectFrom("disposition")
        .select(["state", "reason"])
        .select((of) => of.fn.countAll<number>().as("count"))
        .where("connection_id", "=", connectionId)
        .groupBy(["state", "reason"])
        .execute();
      return rows.map(({ state, reason, count }) => ({ state, reason: reason ?? undefined, count }));
    },

    async parked(connectionId, filter) {
      let query = database
        .selectFrom("disposition")
        .innerJoin("party", (join) =>
          join
            .onRef("party.connection_id", "=", "disposition.connection_id")
            .onRef("party.kind", "=", "disposition.kind")
            .onRef("party.id", "=", "disposition.id"),
        )
        .selectAll("disposition")
        .select("party.display_name")
        .where("disposition.connection_id", "=", connectionId)
        .where("disposition.state", "=", "parked")
        .orderBy("disposition.decided_at")
        .orderBy("disposition.kind")
        .orderBy("disposition.id")
        .limit(filter.limit);
      if (filter.except !== undefined)
        query = query.where(sql<boolean>`disposition.reason is distinct from ${filter.except}`);
      if (filter.reason !== undefined) query = query.where(sql<boolean>`disposition.reason = ${filter.reason}`);
      return (await query.execute()).map(
        (row): ParkedParty => ({
          party: { kind: row.kind, id: row.id },
          displayName: row.display_name,
          disposition: dispositionFrom(row) as ParkedParty["disposition"], // the query asks for parked rows alone
          since: row.decided_at,
        }),
      );
    },

    async severalClientsOf(subdomain, organizations) {
      if (organizations.length === 0) return [];
      const rows = await database
        .selectFrom("container")
        .select("organization_id")
        .where("subdomain", "=", subdomain)
        .where(sql<boolean>`organization_id = any(${sql.val([...organizations])}::bigint[])`)
        .execute();
      return rows.map(({ organization_id }) => organization_id);
    },

    async ignoreRules(connectionId) {
      const rows = await database
        .selectFrom("ignore_rule")
        .select(["id", "rule", "who", "at"])
        .where("connection_id", "=", connectionId)
        .where("ended_at", "is", null)
        .orderBy("id")
        .execute();
      return rows.map(({ id, rule, who, at }) => ({ id, pattern: rule, who, at }));
    },

    async storeAnswer(connectionId, party, answer, who) {
      await database
        .transaction()
        .execute((transaction) =>
          putAnswers(transaction, connectionId, [{ party, answer }], { who, batchId: undefined }),
        );
    },

    async undoAnswer(connectionId, party, who) {
      const [undone] = await database
        .transaction()
        .execute((transaction) => takeBackAnswers(transaction, connectionId, [party], who));
      return undone?.answer;
    },
  };
}

/** Upserts links; the statement of a settlement. */
export async function putLinks(executor: Executor, links: readonly Link[]): Promise<void> {
  if (links.length === 0) return;
  await executor
    .insertInto("link")
    .values(
      links.map((link) => ({
        connection_id: link.connectionId,
        kind: link.party.kind,
        id: link.party.id,
        subdomain: link.subdomain,
        organization_id: link.organizationId,
        origin: link.origin,
        step: link.step,
        evidence: JSON.stringify(link.evidence),
        confirmed_by: link.confirmedBy ?? null,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(["connection_id", "kind", "id"]).doUpdateSet((row) => ({
        organization_id: row.ref("excluded.organization_id"),
        origin: row.ref("excluded.origin"),
        step: row.ref("excluded.step"),
        evidence: row.ref("excluded.evidence"),
        confirmed_by: row.ref("excluded.confirmed_by"),
      })),
    )
    .execute();
}

export async function dropLinks(
  executor: Executor,
  dropped: readonly { connectionId: ConnectionId; party: PartyKey }[],
): Promise<void> {
  for (const { connectionId, party } of dropped)
    await executor
      .deleteFrom("link")
      .where("connection_id", "=", connectionId)
      .where("kind", "=", party.kind)
      .where("id", "=", party.id)
      .execute();
}

/** What each party is at rest; `decided_at` moves only when that changes, so that the queue shows how long one waits. */
export async function putDispositions(
  executor: Executor,
  standings: readonly { connectionId: ConnectionId; party: PartyKey; disposition: Disposition }[],
): Promise<void> {
  if (standings.length === 0) return;
  const rows = new Map(
    standings.map(({ connectionId, party, disposition }) => [
      `${connectionId} ${partyKeyText(party)}`,
      { connection_id: connectionId, kind: party.kind, id: party.id, ...dispositionColumns(disposition) },
    ]),
  );
  await executor
    .insertInto("disposition")
    .values([...rows.values()])
    .onConflict((conflict) =>
      conflict.columns(["connection_id", "kind", "id"]).doUpdateSet((row) => ({
        state: row.ref("excluded.state"),
        reason: row.ref("excluded.reason"),
        detail: row.ref("excluded.detail"),
        waits_for: row.ref("excluded.waits_for"),
        decided_at: sql`case when disposition.state = excluded.state and disposition.reason is not distinct from excluded.reason
          then disposition.decided_at else now() end`,
      })),
    )
    .execute();
}

export async function forgetParties(
  executor: Executor,
  forgotten: readonly { connectionId: ConnectionId; party: PartyKey }[],
): Promise<void> {
  for (const { connectionId, party } of forgotten)
    await executor
      .deleteFrom("disposition")
      .where("connection_id", "=", connectionId)
      .where("kind", "=", party.kind)
      .where("id", "=", party.id)
      .execute();
}

function partyIn(parties: readonly PartyKey[], idColumn: "id" | "id_of_party" = "id") {
  const column = sql.ref(idColumn);
  return sql<boolean>`(kind, ${column}) in (select * from unnest(${sql.val(parties.map(({ kind }) => kind))}::text[], ${sql.val(parties.map(({ id }) => id))}::text[]))`;
}

interface LinkRow {
  connection_id: ConnectionId;
  kind: PartyKey["kind"];
  id: string;
  subdomain: Subdomain;
  organization_id: OrganizationId;
  origin: Link["origin"];
  step: Link["step"];
  evidence: unknown;
  confirmed_by: string | null;
}

function linkFrom(row: LinkRow): Link {
  return {
    connectionId: row.connection_id,
    party: { kind: row.kind, id: row.id },
    subdomain: row.subdomain,
    organizationId: row.organization_id,
    origin: row.origin,
    step: row.step,
    evidence: row.evidence as string[], // putLinks alone writes it
    confirmedBy: row.confirmed_by ?? undefined,
  };
}
