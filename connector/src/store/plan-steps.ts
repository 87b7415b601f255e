// What a person's step of a plan leaves beside its rows: the journal's word of it, and marks on whom it concerns.
import { type ConnectionId, priorities } from "../domain/index.ts";
import type { Executor } from "./database.ts";
import { causeTime } from "./database-time.ts";
import { appendJournal } from "./journal-store.ts";
import { insertMarks } from "./mark-store.ts";

interface Step {
  planId: number;
  who: string;
  /** In the text form of their keys. */
  parties: readonly string[];
}

export async function markOfPlan(
  executor: Executor,
  connectionId: ConnectionId,
  { planId, who, parties }: Step,
): Promise<void> {
  const at = await causeTime(executor);
  const causes = [{ kind: "person" as const, who, what: `approved plan ${planId}`, at }];
  await insertMarks(
    executor,
    parties.map((key) => ({ connectionId, kind: "party", key, priority: priorities.bulk, causes })),
  );
}

export async function journalPlan(
  executor: Executor,
  connectionId: ConnectionId,
  { planId, who, parties, outcome }: Step & { outcome: string },
): Promise<void> {
  const at = await causeTime(executor);
  await appendJournal(executor, [
    {
      connectionId,
      action: "approved",
      parties: [...parties],
      organizationId: undefined,
      who,
      causes: [{ kind: "person", who, what: `${outcome} plan ${planId}`, at }],
      before: {},
      after: { plan: planId },
      outcome,
      writeId: undefined,
      requestIds: {},
    },
  ]);
}
