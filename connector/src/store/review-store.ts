import { sql } from "kysely";
import {
  type ConnectionId,
  type OrganizationId,
  type PartyKey,
  type PartyKind,
  partyKeyText,
  priorities,
  type Subdomain,
} from "../domain/index.ts";
import type { JournalEntry } from "../oversight/journal/ports.ts";
import type { AnswerBatch, BulkRule, NearMember, ParkedParty, ReviewStore } from "../sync/links/ports.ts";
import { putAnswers, takeBackAnswers } from "./answer-rows.ts";
import type { Database, Executor } from "./database.ts";
import { causeTime } from "./database-time.ts";
import { type DispositionRow, dispositionFrom } from "./disposition-rows.ts";
import { appendJournal } from "./journal-store.ts";
import { insertMarks } from "./mark-store.ts";
import { wakeWaiters } from "./waiter-store.ts";

/** A near key that more organizations share is a chain's or a town's: it says nothing about any two of them. */
const mostSharing = 20;
const examples = 3;

export function createReviewStore(database: Database): ReviewStore {
  return {
    async parkedAfter(connectionId, { reason, after, limit }) {
      const { rows } = await sql<DispositionRow & PartyKey & { display_name: string; decided_at: Date }>`
        select d.*, p.display_name from disposition d
        join party p on p.connection_id = d.connection_id and p.kind = d.kind and p.id = d.id
        where d.connection_id = ${connectionId} and d.state = 'parked'
          and (${reason ?? null}::text is null or d.reason = ${reason ?? null})
          and (d.kind, d.id) > (${after?.kind ?? ""}, ${after?.id ?? ""})
        order by d.kind, d.id limit ${limit}`.execute(database);
      return rows.map((row) => ({
        party: { kind: row.kind, id: row.id },
        displayName: row.display_name,
        disposition: dispositionFrom(row) as ParkedParty["disposition"], // the query asks for parked rows alone
        since: row.decided_at,
      }));
    },

    async containerQuestions(connectionId, limit) {
      const { rows } = await sql<{
        organization_id: OrganizationId;
        name: string;
        parties: number;
        shown: { kind: PartyKind; id: string; name: string }[];
      }>`
        select (candidate ->> 'organizationId')::bigint as organization_id, max(candidate ->> 'name') as name, count(*) as parties,
          (array_agg(jsonb_build_object('kind', d.kind, 'id', d.id, 'name', p.display_name) order by p.display_name, d.id))[1:${sql.lit(examples)}] as shown
        from disposition d
        cross join lateral (select d.detail -> 'candidates' -> 0) as first (candidate)
        join party p on p.connection_id = d.connection_id and p.kind = d.kind and p.id = d.id
        where d.connection_id = ${connectionId} and d.state = 'parked' and d.reason = 'container' and candidate is not null
        group by 1 order by parties desc, 1 limit ${limit}`.execute(database);
      return rows.map((row) => ({
        organizationId: row.organization_id,
        name: row.name,
        parties: row.parties,
        examples: row.shown.map(({ kind, id, name }) => ({ party: { kind, id }, displayName: name })),
      }));
    },

    storeBatch: (connectionId, { rule, answers, who }) =>
      database.transaction().execute(async (transaction) => {
        const parties = answers.map(({ party }) => party);
        if (await isAnyAnswered(transaction, connectionId, parties)) return undefined;
        const { id } = await transaction
          .insertInto("answer_batch")
          .values({ connection_id: connectionId, rule: JSON.stringify(rule), who })
          .returning("id")
          .executeTakeFirstOrThrow();
        await putAnswers(transaction, connectionId, answers, { who, batchId: id });
        return id;
      }),

    async batches(connectionId, limit) {
      const { rows } = await sql<{
        id: number;
        rule: BulkRule;
        who: string;
        at: Date;
        undone_at: Date | null;
        undone_by: string | null;
        answers: number;
      }>`
        select b.id, b.rule, b.who, b.at, b.undone_at, b.undone_by,
          (select count(distinct (a.kind, a.id_of_party)) from answer a where a.batch_id = b.id) as answers
        from answer_batch b where b.connection_id = ${connectionId} order by b.id desc limit ${limit}`.execute(
        database,
      );
      return rows.map(
        ({ id, rule, who, at, answers, undone_at, undone_by }): AnswerBatch => ({
          id,
          rule,
          who,
          at,
          answers,
          undone: undone_at === null ? undefined : { at: undone_at, who: undone_by ?? "" },
        }),
      );
    },

    undoBatch: (connectionId, id, who) =>
      database.transaction().execute(async (transaction) => {
        const batch = await transaction
          .updateTable("answer_batch")
          .set({ undone_at: sql`now()`, undone_by: who })
          .where("connection_id", "=", connectionId)
          .where("id", "=", id)
          .where("undone_at", "is", null)
          .returning("id")
          .executeTakeFirst();
        if (!batch) return undefined;
        const { rows: parties } = await sql<PartyKey>`
          select kind, id_of_party as id from answer where batch_id = ${id} and undone_at is null`.execute(transaction);
        return (await takeBackAnswers(transaction, connectionId, parties, who)).length;
      }),

    async ignored(connectionId, limit) {
      const { rows } = await sql<PartyKey & { display_name: string; by: string }>`
        select d.kind, d.id, p.display_name, d.detail ->> 'by' as by from disposition d
        join party p on p.connection_id = d.connection_id and p.kind = d.kind and p.id = d.id
        where d.connection_id = ${connectionId} and d.state = 'ignored'
        order by d.kind, p.display_name, d.id limit ${limit}`.execute(database);
      return rows.map(({ kind, id, display_name, by }) => ({ party: { kind, id }, displayName: display_name, by }));
    },

    addIgnoreRule: (connectionId, pattern, affected, who) =>
      database.transaction().execute(async (transaction) => {
        const { id } = await transaction
          .insertInto("ignore_rule")
          .values({ connection_id: connectionId, rule: JSON.stringify(pattern), who })
          .returning("id")
          .executeTakeFirstOrThrow();
        await record(transaction, connectionId, { who, action: "ignore-rule-added", after: { rule: id, ...pattern } });
        await markParties(transaction, connectionId, affected, { who, what: `rule ${id}: ignore "${pattern.name}"` });
        return id;
      }),

    endIgnoreRule: (connectionId, id, who) =>
      database.transaction().execute(async (transaction) => {
        const ended = await transaction
          .updateTable("ignore_rule")
          .set({ ended_at: sql`now()`, ended_by: who })
          .where("connection_id", "=", connectionId)
          .where("id", "=", id)
          .where("ended_at", "is", null)
          .returning("rule")
          .executeTakeFirst();
        if (!ended) return false;
        const { rows } = await sql<PartyKey>`
          select kind, id from disposition where connection_id = ${connectionId} and state = 'ignored'
            and starts_with(detail ->> 'by', ${`rule ${id} (`})`.execute(transaction);
        await record(transaction, connectionId, {
          who,
          action: "ignore-rule-ended",
          after: { rule: id, ...ended.rule },
        });
        await markParties(transaction, connectionId, rows, { who, what: `rule ${id} ended` });
        return true;
      }),

    sayOfSeveralClients: (connectionId, { id, several }, who) =>
      database.transaction().execute(async (transaction) => {
        const subdomain = await subdomainOf(transaction, connectionId);
        const { rows } = several
          ? await sql`insert into container (subdomain, organization_id, who) values (${subdomain}, ${id}, ${who})
              on conflict do nothing returning 1`.execute(transaction)
          : await sql`delete from container where subdomain = ${subdomain} and organization_id = ${id} returning 1`.execute(
              transaction,
            );
        if (rows.length === 0) return false;
        const action = several ? "several-clients-said" : "several-clients-undone";
        await record(transaction, connectionId, { who, action, after: {}, organizationId: id });
        await wakeWaiters(transaction, subdomain, [`organization:${id}`]);
        return true;
      }),

    async listSeveralClients(subdomain) {
      const { rows } = await sql<{ organization_id: OrganizationId; name: string | null; who: string }>`
        select c.organization_id, o.name, c.who from container c
        left join organization o on o.subdomain = c.subdomain and o.id = c.organization_id
        where c.subdomain = ${subdomain} order by o.name, c.organization_id`.execute(database);
      return rows.map(({ organization_id, name, who }) => ({ organizationId: organization_id, name: name ?? "", who }));
    },

    async nearGroups(connectionId) {
      const { rows } = await sql<{
        members: { id: OrganizationId; name: string; kind: PartyKind | null; party: string | null }[];
      }>`
        with keyed as (
          select o.subdomain, o.id, o.name, unnest(o.near_keys) as near_key from organization o
          where o.subdomain = (select subdomain from connection where id = ${connectionId}) and o.gone_at is null
            and not exists (select from container t where t.subdomain = o.subdomain and t.organization_id = o.id)
        ), cards as (
          select distinct on (organization_id) organization_id, kind, id from link
          where connection_id = ${connectionId} order by organization_id, kind, length(id), id
        )
        select jsonb_agg(jsonb_build_object('id', k.id, 'name', k.name, 'kind', c.kind, 'party', c.id) order by k.id) as members
        from keyed k left join cards c on c.organization_id = k.id
        group by k.near_key
        having count(*) between 2 and ${mostSharing} and count(c.id) > 0`.execute(database);
      return rows.map(({ members }) =>
        members.map(
          ({ id, name, kind, party }): NearMember => ({
            organizationId: id,
            name,
            party: kind === null || party === null ? undefined : { kind, id: party },
          }),
        ),
      );
    },

    async notDuplicates(connectionId) {
      const { rows } = await sql<{ first_id: OrganizationId; second_id: OrganizationId }>`
        select first_id, second_id from not_duplicate
        where subdomain = (select subdomain from connection where id = ${connectionId})`.execute(database);
      return rows.map(({ first_id, second_id }) => [first_id, second_id] as const);
    },

    sayNotDuplicate: (connectionId, [one, other], who) =>
      database.transaction().execute(async (transaction) => {
        const subdomain = await subdomainOf(transaction, connectionId);
        const [first, second] = [Math.min(one, other), Math.max(one, other)];
        await sql`insert into not_duplicate (subdomain, first_id, second_id, who)
          values (${subdomain}, ${first}, ${second}, ${who}) on conflict do nothing`.execute(transaction);
        const after = { organizations: `${first} ${second}` };
        await record(transaction, connectionId, { who, action: "not-duplicates-said", after });
      }),
  };
}

async function isAnyAnswered(
  executor: Executor,
  connectionId: ConnectionId,
  parties: readonly PartyKey[],
): Promise<boolean> {
  const { rows } = await sql`
    select from answer a
    join unnest(${parties.map(({ kind }) => kind)}::text[], ${parties.map(({ id }) => id)}::text[]) as asked (kind, id)
      on a.kind = asked.kind and a.id_of_party = asked.id
    where a.connection_id = ${connectionId} and a.undone_at is null limit 1`.execute(executor);
  return rows.length > 0;
}

async function subdomainOf(executor: Executor, connectionId: ConnectionId): Promise<Subdomain> {
  const { subdomain } = await executor
    .selectFrom("connection")
    .select("subdomain")
    .where("id", "=", connectionId)
    .executeTakeFirstOrThrow();
  if (subdomain === null) throw new Error(`connection ${connectionId} has no account yet`);
  return subdomain;
}

async function record(
  executor: Executor,
  connectionId: ConnectionId,
  said: {
    who: string;
    action: JournalEntry["action"];
    after: Record<string, string | number>;
    organizationId?: OrganizationId;
  },
): Promise<void> {
  const at = await causeTime(executor);
  await appendJournal(executor, [
    {
      connectionId,
      action: said.action,
      parties: [],
      organizationId: said.organizationId,
      who: said.who,
      causes: [{ kind: "person", who: said.who, what: said.action, at }],
      before: {},
      after: said.after,
      outcome: "stored",
      writeId: undefined,
      requestIds: {},
    },
  ]);
}

async function markParties(
  executor: Executor,
  connectionId: ConnectionId,
  parties: readonly PartyKey[],
  { who, what }: { who: string; what: string },
): Promise<void> {
  const causes = [{ kind: "person" as const, who, what, at: await causeTime(executor) }];
  await insertMarks(
    executor,
    parties.map((party) => ({
      connectionId,
      kind: "party",
      key: partyKeyText(party),
      priority: priorities.background,
      causes,
    })),
  );
}
