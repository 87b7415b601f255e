import { setTimeout as wait } from "node:timers/promises";
import type { LiveEvent } from "@ml-connector/contract";
import { type Caller, visibleOf } from "../../access/index.ts";
import { incidentView } from "../../views/index.ts";
import { taskView } from "./calls/task-view.ts";
import type { OperatorApplication, TaskStore } from "./ports.ts";

const lookMs = 1_000;
/** A comment so often keeps proxies from ending a quiet stream; as often it is asked whether the caller is still let in. */
const looksBetweenSigns = 15;
/** A browser connects again by itself: a stream that somebody forgot must not be held for ever. */
const mostLooks = 30 * 60;

export interface LiveSources {
  application: OperatorApplication;
  tasks: Pick<TaskStore, "recent">;
}

/** First everything as it is, then whatever has changed, once a second at most: a reader that was away needs no history. */
export async function* liveEvents(
  sources: LiveSources,
  { caller, signal, renew }: { caller: Caller; signal: AbortSignal; renew: () => Promise<Caller | undefined> },
): AsyncGenerator<string> {
  let viewer: Caller | undefined = caller;
  let known: Snapshot = new Map();
  for (let look = 0; look < mostLooks && !signal.aborted; look += 1) {
    if (look > 0 && look % looksBetweenSigns === 0) {
      viewer = await renew();
      yield ": still here\n\n";
    }
    if (!viewer) return;
    const seen = await snapshot(sources, viewer);
    for (const event of changesBetween(known, seen)) yield eventText(event);
    known = seen;
    await wait(lookMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Each thing by a name of its own, as its event would tell it. */
export type Snapshot = ReadonlyMap<string, LiveEvent>;

/** What is new or other, and of incidents also what has gone: a connection or task that is gone says nothing more. */
export function changesBetween(before: Snapshot, now: Snapshot): LiveEvent[] {
  const changed = [...now].flatMap(([name, event]) =>
    JSON.stringify(before.get(name)) === JSON.stringify(event) ? [] : [event],
  );
  const gone = [...before].flatMap(([name, event]): LiveEvent[] =>
    event.event === "incident" && !now.has(name) ? [{ ...event, open: false }] : [],
  );
  return [...changed, ...gone];
}

export function eventText({ event, ...told }: LiveEvent): string {
  return `event: ${event}\ndata: ${JSON.stringify(told)}\n\n`;
}

async function snapshot({ application, tasks }: LiveSources, viewer: Caller): Promise<Snapshot> {
  const connections = visibleOf(viewer.grants, await application.connections.list());
  const ids = connections.map(({ id }) => id);
  const seesAll = viewer.grants.some(({ connectionId }) => connectionId === undefined);
  const [marks, incidents, recent] = await Promise.all([
    application.marks.countDue(ids),
    application.incidents.open(),
    tasks.recent(ids),
  ]);
  const shown = new Map<string, LiveEvent>();
  for (const { id, state, pausedBy, polledAt, sweptAt } of connections) {
    const own = marks.filter(({ connectionId }) => connectionId === id);
    shown.set(`connection ${id}`, {
      event: "connection",
      connectionId: id,
      state,
      pausedBy: pausedBy ?? null,
      polledAt: polledAt?.toISOString() ?? null,
      sweptAt: sweptAt?.toISOString() ?? null,
      due: own.reduce((sum, { due }) => sum + due, 0),
      waiting: own.reduce((sum, { waiting }) => sum + waiting, 0),
    });
  }
  for (const incident of incidents) {
    const concerns =
      seesAll ||
      connections.some(({ id, subdomain }) =>
        incident.connectionId === undefined
          ? incident.subdomain !== undefined && incident.subdomain === subdomain
          : incident.connectionId === id,
      );
    if (concerns)
      shown.set(`incident ${incident.id}`, { event: "incident", open: true, incident: incidentView(incident) });
  }
  for (const task of recent) shown.set(`task ${task.id}`, { event: "task", task: taskView(task) });
  return shown;
}
