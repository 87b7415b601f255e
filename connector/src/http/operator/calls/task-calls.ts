import type { ReplayResult, SyncResult, Task } from "@ml-connector/contract";
import type { Caller } from "../../../access/index.ts";
import { type ConnectionId, type PartyKey, parsePartyKey, partyKeyText } from "../../../domain/index.ts";
import { countEffects, effectViews, fitView, knownParties, newestRow, verifyView } from "../../../views/index.ts";
import type { Calls } from "../call.ts";
import { pageOf, textOfCursor } from "../cursor.ts";
import type { OperatorApplication, TaskStore } from "../ports.ts";
import { notFound } from "../refusal.ts";
import { requireCompared, requireWorking } from "../require.ts";
import { asJson, askedOf, type Tasks, type TaskWork } from "../tasks.ts";
import { taskView } from "./task-view.ts";

/** Parked parties that one replay takes; the next one takes those that are parked then. */
const mostParked = 10_000;
const listedEffects = 1_000;

export type TaskCalls = Calls<
  "startSync" | "startReplay" | "startVerify" | "startDryRun" | "startFit" | "listTasks" | "readTask"
>;

export function taskCalls(application: OperatorApplication, tasks: Tasks, store: TaskStore): TaskCalls {
  return {
    async startSync({ connection, caller, body, requestKey }) {
      requireWorking(connection);
      const { id } = connection;
      const party = body.read === "party" ? parsePartyKey(body.party) : undefined;
      return begin(tasks, { id, kind: "sync", caller, body, requestKey }, async (work): Promise<SyncResult> => {
        const row = await newestRow(application.journal, id);
        if (party) await application.requestMark(id, [party], caller.name, "sync");
        else if (body.read === "full") await application.requestSweep(id, caller.name);
        else await application.requestPoll(id, caller.name);
        const stillDue = await settle(application, id, body.timeoutSeconds, work);
        const effects = await countEffects(application.journal, id, {
          row,
          party: await topOf(application, id, party),
        });
        const read = body.read;
        return { connectionId: id, read, party: party ? partyKeyText(party) : null, ...settled(stillDue), effects };
      });
    },

    async startReplay({ connection, caller, body, requestKey }) {
      requireWorking(connection);
      const { id } = connection;
      if (body.what === "party") {
        const [known] = await knownParties(application, id, [parsePartyKey(body.party)]);
        if (!known) throw notFound(`The company has no ${body.party}, or it has not been read yet.`);
      }
      return begin(tasks, { id, kind: "replay", caller, body, requestKey }, async (work): Promise<ReplayResult> => {
        const { replayed, marked, shownOn } = await whatToReplay(application, id, body);
        const row = await newestRow(application.journal, id);
        // Also where no party is parked: records that QuickBooks did not hand out are asked for again.
        await application.requestMark(id, marked, caller.name, "replay");
        const stillDue = await settle(application, id, body.timeoutSeconds, work);
        const effects = await countEffects(application.journal, id, { row, party: shownOn });
        const stillParked = await countParked(application, id, marked);
        const healed = stillParked === 0 && stillDue === 0 && Object.values(effects).every((count) => count === 0);
        return { connectionId: id, replayed, healed, stillParked, ...settled(stillDue), effects };
      });
    },

    async startVerify({ connection, caller, body, requestKey }) {
      requireCompared(connection);
      const { id } = connection;
      return begin(tasks, { id, kind: "verify", caller, body, requestKey }, async ({ report }) => {
        const found = await application.verify(id, {
          calls: body.calls,
          repair: body.repair,
          who: caller.name,
          onProgress: (stage) =>
            stage.stage === "company"
              ? report({ stage: "quickbooks", done: stage.compared, says: `records, ${stage.entity} last` })
              : report({ stage: "zendesk", done: stage.cards, says: "cards" }),
        });
        return verifyView(id, found);
      });
    },

    async startDryRun({ connection, caller, requestKey }) {
      const { id } = connection;
      return begin(tasks, { id, kind: "dry-run", caller, body: undefined, requestKey }, async () => {
        const { counts, effects } = await application.dryRun(id);
        const written = effectViews(effects).filter(({ effect }) => effect !== "unchanged");
        const more = Math.max(0, written.length - listedEffects);
        return { dryRun: true, connectionId: id, counts, effects: written.slice(0, listedEffects), more };
      });
    },

    async startFit({ connection, caller, requestKey }) {
      const { id } = connection;
      return begin(tasks, { id, kind: "fit", caller, body: undefined, requestKey }, async () =>
        fitView(await application.fit(id)),
      );
    },

    async listTasks({ connection, query }) {
      const before = textOfCursor(query.after);
      const found = await store.list(connection.id, { before, limit: query.limit + 1 });
      const { shown, next } = pageOf(found, query.limit, ({ id }) => id);
      return { tasks: shown.map(taskView), next };
    },

    async readTask({ connection, params }) {
      const found = await store.read(connection.id, params.taskId);
      if (!found) throw notFound();
      return taskView(found);
    },
  };
}

export interface AskedWork {
  id: ConnectionId;
  kind: Task["kind"];
  caller: Caller;
  body: object | undefined;
  requestKey: string | undefined;
}

export async function begin(
  tasks: Tasks,
  { id, kind, caller, body, requestKey }: AskedWork,
  work: (around: TaskWork) => Promise<object>,
): Promise<Task> {
  const asked = { connectionId: id, kind, askedBy: caller.name, asked: askedOf(body), requestKey };
  return taskView(await tasks.start(asked, async (around) => asJson(await work(around))));
}

async function settle(
  application: OperatorApplication,
  id: ConnectionId,
  timeoutSeconds: number,
  { report, signal }: TaskWork,
): Promise<number> {
  let due = 0;
  let most = 0;
  for await (const step of application.settleBacklog(id, { timeoutMs: timeoutSeconds * 1_000 })) {
    signal.throwIfAborted();
    due = step.due;
    most = Math.max(most, due);
    report({ stage: "working", done: most - due, total: most });
  }
  return due;
}

function settled(stillDue: number): { settled: boolean; stillDue: number } {
  return { settled: stillDue === 0, stillDue };
}

/** The journal speaks of the top of a family. */
async function topOf(
  application: OperatorApplication,
  id: ConnectionId,
  party: PartyKey | undefined,
): Promise<PartyKey | undefined> {
  if (!party) return undefined;
  const [known] = await knownParties(application, id, [party]);
  return known?.family.top ?? party;
}

type ReplayBody = Parameters<TaskCalls["startReplay"]>[0]["body"];

interface Replayed {
  replayed: ReplayResult["replayed"];
  marked: PartyKey[] | "everyone";
  shownOn: PartyKey | undefined;
}

async function whatToReplay(application: OperatorApplication, id: ConnectionId, body: ReplayBody): Promise<Replayed> {
  switch (body.what) {
    case "all":
      return { replayed: { what: "all" }, marked: "everyone", shownOn: undefined };
    case "party": {
      const party = parsePartyKey(body.party);
      const replayed = { what: "party" as const, party: partyKeyText(party) };
      return { replayed, marked: [party], shownOn: await topOf(application, id, party) };
    }
    case "parked": {
      const { reason } = body;
      const rows = await application.links.parked(id, { ...(reason === null ? {} : { reason }), limit: mostParked });
      const marked = rows.map(({ party }) => party);
      return { replayed: { what: "parked", reason, parties: marked.map(partyKeyText) }, marked, shownOn: undefined };
    }
  }
}

async function countParked(
  application: OperatorApplication,
  id: ConnectionId,
  marked: readonly PartyKey[] | "everyone",
): Promise<number> {
  if (marked === "everyone") {
    const counts = await application.links.countDispositions(id);
    return counts.reduce((sum, { state, count }) => sum + (state === "parked" ? count : 0), 0);
  }
  const standings = await application.links.dispositionsOf(id, marked);
  return [...standings.values()].filter(({ kind }) => kind === "parked").length;
}
