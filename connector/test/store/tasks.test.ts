// Asked-for work in the database: begun once, told by any process, and told to have stopped when its own process is gone.
import { sql } from "kysely";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { Tasks } from "../../src/http/operator/tasks.ts";
import { createTaskStore } from "../../src/store/task-store.ts";
import { eventually } from "../harness/eventually.ts";
import { testDatabase } from "../harness/index.ts";
import { makeConnection } from "../replica/make-connection.ts";

const database = await testDatabase();
const store = createTaskStore(database.database);
afterAll(() => database.close());
const { connectionId } = await makeConnection(database.database, { realm: "310687", subdomain: "acme" });
const { connectionId: other } = await makeConnection(database.database, { realm: "310688", subdomain: "beta" });
const faults: unknown[] = [];
const tasks = new Tasks({ store, fail: (fault) => void faults.push(fault) });
afterAll(() => tasks.close());
beforeEach(async () => {
  await database.database.deleteFrom("task").execute();
});

const asked = {
  connectionId,
  kind: "sync" as const,
  askedBy: "ada",
  asked: { read: "changes" },
  requestKey: undefined,
};
const never = ({ signal }: { signal: AbortSignal }) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true }),
  );
const ended = async (id: string) => {
  await eventually(async () => (await store.read(connectionId, id))?.state !== "running", 5_000);
  return store.read(connectionId, id);
};

describe("asked-for work", () => {
  it("is begun once for a key of one person, by whatever process, and anew for another person's", async () => {
    const keyed = { ...asked, requestKey: "nightly" };
    const elsewhere = new Tasks({ store, fail: () => undefined });
    const [one, two] = await Promise.all([
      tasks.start(keyed, async () => ({})),
      elsewhere.start(keyed, async () => ({})),
    ]);
    expect(one.id).toBe(two.id);
    expect((await tasks.start({ ...keyed, askedBy: "bo" }, async () => ({}))).id).not.toBe(one.id);
    await expect(tasks.start({ ...keyed, asked: { read: "full" } }, async () => ({}))).rejects.toMatchObject({
      status: 409,
    });
    await elsewhere.close();
  });

  it("belongs to its connection: another one does not find it", async () => {
    const { id } = await tasks.start(asked, async () => ({ done: true }));
    expect(await ended(id)).toMatchObject({ state: "done", result: { done: true } });
    expect(await store.read(other, id)).toBeUndefined();
    expect(await store.list(other, { before: undefined, limit: 10 })).toEqual([]);
  });

  it("that fails by a fault of ours tells the caller nothing of it, and the log everything", async () => {
    const { id } = await tasks.start(asked, () => Promise.reject(new Error("column secret_column does not exist")));
    const failed = await ended(id);
    expect(failed).toMatchObject({
      state: "failed",
      error: { code: "fault", whatToDo: expect.stringContaining("log") },
    });
    expect(JSON.stringify(failed)).not.toContain("secret_column");
    expect(faults.at(-1)).toMatchObject({ message: "column secret_column does not exist" });
  });

  it("is not heaped up: past a limit the next one is put off", async () => {
    const crowded = new Tasks({ store, fail: () => undefined });
    for (let times = 0; times < 8; times += 1) await crowded.start(asked, never);
    await expect(crowded.start(asked, never)).rejects.toMatchObject({ status: 429 });
    await crowded.start({ ...asked, connectionId: other }, never);
    await crowded.close();
  });

  it("says that it was interrupted when its process stops, and when it dies without a word", async () => {
    const stopping = new Tasks({ store, fail: () => undefined });
    const [told, silent] = [
      await stopping.start(asked, never),
      await store.begin({ ...asked, progress: { stage: "sync", done: 0, total: null, says: "" } }, 8),
    ];
    await stopping.close();
    expect(await store.read(connectionId, told.id)).toMatchObject({ state: "interrupted" });
    const { id } = silent.kind === "busy" ? { id: "" } : silent.task;
    expect(await store.read(connectionId, id)).toMatchObject({ state: "running" });
    await sql`update task set seen_at = now() - interval '1 minute' where id = ${id}`.execute(database.database);
    expect(await store.read(connectionId, id)).toMatchObject({ state: "interrupted" });
    expect((await store.list(connectionId, { before: undefined, limit: 1 })).length).toBe(1);
  });
});
