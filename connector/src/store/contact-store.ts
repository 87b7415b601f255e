import { type RawBuilder, sql } from "kysely";
import {
  type ConnectionId,
  type OrganizationId,
  type PartyKey,
  parsePartyKey,
  type Subdomain,
} from "../domain/index.ts";
import type { ContactStore } from "../sync/reconcile/contacts/ports.ts";
import type { Grouping } from "../sync/replica/ports.ts";
import { inFencedTransaction } from "./account-fence.ts";
import { familiesAsked, holderOf } from "./card-holder.ts";
import type { Database } from "./database.ts";
import { appendJournal } from "./journal-store.ts";

/** Addresses of these families (rows with connection, kind and id of their tops) that no user of the account has, and that nobody has answered for. */
function lackingOf({ id, families }: Grouping, tops: readonly PartyKey[], subdomain: Subdomain): RawBuilder<unknown> {
  return sql`
    from ${topRows(id, tops)} as l
    join party h on h.connection_id = l.connection_id and h.kind = l.kind and h.id = l.id
    join party p on p.connection_id = h.connection_id and p.kind = h.kind and p.top_id = h.top_id
      and ${holderOf("p", familiesAsked(id, families))} = l.id and p.deleted_at is null and p.active
    join party_address a on a.connection_id = p.connection_id and a.kind = p.kind and a.id = p.id
    where not exists (select from zendesk_user_address z join zendesk_user u on u.subdomain = z.subdomain and u.id = z.user_id
        where z.subdomain = ${subdomain} and z.address = a.address and u.gone_at is null)
      and not exists (select from contact_user k
        where k.subdomain = ${subdomain} and k.address = a.address and k.state <> 'intended')`;
}

function topRows(connectionId: ConnectionId, tops: readonly PartyKey[]): RawBuilder<unknown> {
  return sql`(select ${connectionId}::bigint as connection_id, n.* from unnest(
    ${tops.map(({ kind }) => kind)}::text[], ${tops.map(({ id }) => id)}::text[]) as n (kind, id))`;
}

export function createContactStore(database: Database): ContactStore {
  return {
    async newContacts(connectionId, subdomain, parties) {
      const tops = parties.map(parsePartyKey);
      const { rows } = await sql<{ address: string; name: string; party: string; organization_id: OrganizationId }>`
        with asked as (
          select distinct a.address ${lackingOf({ id: connectionId }, tops, subdomain)})
        select a.address, min(l.organization_id) as organization_id, min(l.kind || ':' || l.id) as party,
          coalesce(min(nullif(trim(concat_ws(' ', p.given_name, p.family_name)), '')), min(p.display_name)) as name
        from asked
        join party_address a on a.connection_id = ${connectionId} and a.address = asked.address
        join party p on p.connection_id = a.connection_id and p.kind = a.kind and p.id = a.id and p.deleted_at is null and p.active
        join link l on l.connection_id = p.connection_id and l.kind = p.kind
          and l.id = ${holderOf("p", familiesAsked(connectionId, undefined))}
        group by a.address having count(distinct l.organization_id) = 1
        order by a.address`.execute(database);
      return rows.map(({ organization_id, ...row }) => ({ ...row, organizationId: organization_id }));
    },

    async countNew(of, subdomain, parties) {
      const { rows } = await sql<{ contacts: number }>`
        select count(distinct a.address) as contacts ${lackingOf(of, parties, subdomain)}`.execute(database);
      return rows[0]?.contacts ?? 0;
    },

    intend: (fence, connectionId, { address, organizationId }) =>
      inFencedTransaction(database, fence, async (executor) => {
        await sql`insert into contact_user (subdomain, address, connection_id, organization_id)
          values (${fence.subdomain}, ${address}, ${connectionId}, ${organizationId})
          on conflict (subdomain, address) do nothing`.execute(executor);
      }),

    settle: (fence, { connectionId, contact, state, userId }) =>
      inFencedTransaction(database, fence, async (executor) => {
        await sql`update contact_user set state = ${state}, user_id = ${userId ?? null}, at = now()
          where subdomain = ${fence.subdomain} and address = ${contact.address}`.execute(executor);
        if (state !== "made" || userId === undefined) return;
        await appendJournal(executor, [
          {
            connectionId,
            action: "member-added",
            parties: [contact.party],
            organizationId: contact.organizationId,
            who: "engine",
            causes: [],
            before: {},
            after: { user: userId },
            outcome: "user created",
            writeId: undefined,
            requestIds: {},
          },
        ]);
      }),
  };
}
