import { sql } from "kysely";
import { type Answer, type ConnectionId, type PartyKey, partyKeyText, priorities } from "../domain/index.ts";
import type { Executor } from "./database.ts";
import { causeTime } from "./database-time.ts";
import { appendJournal } from "./journal-store.ts";
import { insertMarks } from "./mark-store.ts";

export interface Given {
  party: PartyKey;
  answer: Answer;
}

interface Ended extends Given {
  id: number;
  replaces: number | null;
}

/**
 * Ends the standing answers of these parties, stores the new ones, tells the journal and marks the parties. The answer that stood before is
 * remembered: undoing the new one lets it stand again.
 */
export async function putAnswers(
  executor: Executor,
  connectionId: ConnectionId,
  given: readonly Given[],
  { who, batchId }: { who: string; batchId: number | undefined },
): Promise<void> {
  if (given.length === 0) return;
  const ended = await endStandingAnswers(
    executor,
    connectionId,
    given.map(({ party }) => party),
    who,
  );
  const former = new Map(ended.map(({ party, id }) => [partyKeyText(party), id]));
  await executor
    .insertInto("answer")
    .values(
      given.map(({ party, answer }) => ({
        connection_id: connectionId,
        kind: party.kind,
        id_of_party: party.id,
        answer: JSON.stringify(answer),
        who,
        batch_id: batchId ?? null,
        replaces: former.get(partyKeyText(party)) ?? null,
      })),
    )
    .execute();
  await recordAnswers(executor, connectionId, given, { who, action: "answered" });
}

/** Takes standing answers back. What stood before them stands again, in the name of whoever gave it. */
export async function takeBackAnswers(
  executor: Executor,
  connectionId: ConnectionId,
  parties: readonly PartyKey[],
  who: string,
): Promise<Given[]> {
  const ended = await endStandingAnswers(executor, connectionId, parties, who);
  const former = ended.flatMap(({ replaces }) => replaces ?? []);
  if (former.length > 0)
    await sql`insert into answer (connection_id, kind, id_of_party, answer, who, at, batch_id, replaces)
      select connection_id, kind, id_of_party, answer, who, at, batch_id, replaces from answer
      where id = any(${former}::bigint[])`.execute(executor);
  await recordAnswers(executor, connectionId, ended, { who, action: "answer-undone" });
  return ended.map(({ party, answer }) => ({ party, answer }));
}

async function endStandingAnswers(
  executor: Executor,
  connectionId: ConnectionId,
  parties: readonly PartyKey[],
  who: string,
): Promise<Ended[]> {
  if (parties.length === 0) return [];
  const { rows } = await sql<PartyKey & { answer_id: number; answer: Answer; replaces: number | null }>`
    update answer a set undone_at = now(), undone_by = ${who}
    from unnest(${parties.map(({ kind }) => kind)}::text[], ${parties.map(({ id }) => id)}::text[]) as asked (kind, id)
    where a.connection_id = ${connectionId} and a.kind = asked.kind and a.id_of_party = asked.id and a.undone_at is null
    returning a.kind, a.id_of_party as id, a.id as answer_id, a.answer, a.replaces`.execute(executor);
  return rows.map(({ kind, id, answer_id, answer, replaces }) => ({
    party: { kind, id },
    id: answer_id,
    answer,
    replaces,
  }));
}

async function recordAnswers(
  executor: Executor,
  connectionId: ConnectionId,
  given: readonly Given[],
  { who, action }: { who: string; action: "answered" | "answer-undone" },
): Promise<void> {
  const at = await causeTime(executor);
  const causeOf = ({ answer }: Given) => ({ kind: "person" as const, who, what: `${action}: ${answer.kind}`, at });
  await appendJournal(
    executor,
    given.map((one) => ({
      connectionId,
      action,
      parties: [partyKeyText(one.party)],
      organizationId: one.answer.kind === "link" ? one.answer.organizationId : undefined,
      who,
      causes: [causeOf(one)],
      before: {},
      after: { answer: one.answer.kind === "join" ? `join ${partyKeyText(one.answer.with)}` : one.answer.kind },
      outcome: "stored",
      writeId: undefined,
      requestIds: {},
    })),
  );
  await insertMarks(
    executor,
    given.map((one) => ({
      connectionId,
      kind: "party",
      key: partyKeyText(one.party),
      priority: priorities.urgent,
      causes: [causeOf(one)],
    })),
  );
}
