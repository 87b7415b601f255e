import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startWithClient, type TestClient } from "./client.ts";

let zendesk: TestClient;
beforeEach(async () => {
  zendesk = await startWithClient({ jobPace: 15 });
  await zendesk.control("POST", "clock", { now: "2026-11-22T10:00:00Z", freeze: true });
});
afterEach(() => zendesk.close());

const createMany = (names: string[]) =>
  zendesk.call("POST", "/api/v2/organizations/create_many", { organizations: names.map((name) => ({ name })) });
const names = (count: number) => Array.from({ length: count }, (_, index) => `Organization ${index}`);
const job = async (id: string) => (await zendesk.get(`/api/v2/job_statuses/${id}`)).body.job_status;
const count = async () => (await zendesk.get("/api/v2/organizations/count")).body.count.value as number;

describe("a job", () => {
  it("goes from queued over working to completed at its pace, item by item", async () => {
    const submitted = await createMany(names(30));
    expect(submitted.headers.get("zendesk-ratelimit-inflight-jobs")).toBe("total=30; remaining=29; resets=60");
    const { id } = submitted.body.job_status;
    expect(id).toMatch(/^V3-[0-9a-f]{32}$/);
    expect(submitted.body.job_status).toEqual({
      id,
      url: `${zendesk.url}/api/v2/job_statuses/${id}.json`,
      total: 30,
      progress: null,
      status: "queued",
      message: null,
      results: null,
    });
    expect(await count()).toBe(0);
    await zendesk.control("POST", "clock", { advanceMs: 1000 });
    expect(await job(id)).toMatchObject({
      progress: 10,
      status: "working",
      message: "Creating organization #10",
      results: null,
    });
    expect(await count()).toBe(10);
    await zendesk.control("POST", "clock", { advanceMs: 1300 });
    const done = await job(id);
    expect(done).toMatchObject({
      progress: 30,
      status: "completed",
      message: "Completed at 2026-11-22 10:00:02 +0000",
    });
    expect(Object.keys(done.results[0])).toEqual(["status", "id"]);
  });

  it("reports items that fail inside a completed job, in the order of the input", async () => {
    const { id } = (await createMany(["A", "a", "B"])).body.job_status;
    await zendesk.control("POST", "clock", { advanceMs: 5000 });
    const { status, results } = await job(id);
    expect(status).toBe("completed");
    expect(results[1]).toEqual({
      index: 1,
      error: "OrganizationCreateFailed",
      details: "Name: a has already been taken",
    });
    expect([results[0].status, results[2].status]).toEqual(["Created", "Created"]);
  });

  it("updates and deletes by id, and says so per item", async () => {
    const { id: made } = (await createMany(["A", "B"])).body.job_status;
    await zendesk.control("POST", "clock", { advanceMs: 5000 });
    const ids = (await job(made)).results.map((result: { id: number }) => result.id);
    const update = await zendesk.call("PUT", "/api/v2/organizations/update_many.json", {
      organizations: [
        { id: ids[0], notes: "x" },
        { id: 1, notes: "y" },
      ],
    });
    await zendesk.control("POST", "clock", { advanceMs: 5000 });
    const { results } = await job(update.body.job_status.id);
    expect(results[0]).toEqual({ action: "update", id: ids[0], status: "Updated", success: true });
    expect(results[1].error).toBe("OrganizationUpdateFailed");
    const same = await zendesk.call("PUT", `/api/v2/organizations/update_many?ids=${ids.join(",")}`, {
      organization: { notes: "all" },
    });
    const gone = await zendesk.call("DELETE", `/api/v2/organizations/destroy_many?ids=${ids[1]}`);
    await zendesk.control("POST", "clock", { advanceMs: 5000 });
    expect((await job(same.body.job_status.id)).status).toBe("completed");
    expect((await job(gone.body.job_status.id)).results[0]).toEqual({
      action: "delete",
      id: ids[1],
      status: "Deleted",
      success: true,
    });
    expect((await zendesk.get(`/api/v2/organizations/${ids[0]}`)).body.organization.notes).toBe("all");
    expect((await zendesk.get(`/api/v2/organizations/${ids[1]}`)).status).toBe(404);
  });

  it("is refused as the 31st in flight and beyond 100 items, and is gone after a day", async () => {
    const first = (await createMany(["A0"])).body.job_status.id;
    for (let turn = 1; turn < 30; turn += 1) await createMany([`A${turn}`]);
    const refused = await createMany(["B"]);
    expect(refused.status).toBe(429);
    expect(refused.body.error).toBe("TooManyJobs");
    expect(refused.body.current_job_ids).toHaveLength(30);
    await zendesk.control("POST", "clock", { advanceMs: 5000 });
    const large = await createMany(names(101));
    expect([large.status, large.body.error]).toEqual([400, "TooManyValues"]);
    const listed = (await zendesk.get("/api/v2/job_statuses?page[size]=100")).body;
    expect(listed.job_statuses).toHaveLength(30);
    expect((await zendesk.get(`/api/v2/job_statuses/show_many?ids=${first},V3-none`)).body.job_statuses).toHaveLength(
      1,
    );
    await zendesk.control("POST", "clock", { advanceMs: 86_400_000 });
    expect((await zendesk.get(`/api/v2/job_statuses/${first}`)).status).toBe(404);
  });

  it("answers queued and works at once with pace 0, never inside the call", async () => {
    await zendesk.control("POST", "switches", { jobPace: 0 });
    const submitted = (await createMany(names(100))).body.job_status;
    expect(submitted.status).toBe("queued");
    expect((await job(submitted.id)).status).toBe("completed");
    expect(await count()).toBe(100);
  });

  it("works while nobody asks, so that events go out in time", async () => {
    await zendesk.control("POST", "clock", { freeze: false });
    await zendesk.control("POST", "switches", { jobPace: 1000, jobStartDelayMs: 1 });
    const { id } = (await createMany(names(5))).body.job_status;
    const deadline = Date.now() + 5000;
    while ((await job(id)).status !== "completed" && Date.now() < deadline);
    expect((await job(id)).status).toBe("completed");
  });

  it("can be cut short, lose its results, or fail as a whole", async () => {
    await zendesk.control("POST", "switches", { jobCutAfter: 2 });
    const { id } = (await createMany(["A", "B", "C"])).body.job_status;
    await zendesk.control("POST", "clock", { advanceMs: 5000 });
    expect(await job(id)).toMatchObject({ status: "failed", progress: 2 });
    expect(await count()).toBe(2);
    await zendesk.control("POST", "switches", { jobCutAfter: null });
    const { id: hopeless } = (await createMany(["A"])).body.job_status;
    await zendesk.control("POST", "clock", { advanceMs: 5000 });
    expect((await job(hopeless)).status).toBe("failed");
    await zendesk.control("POST", "switches", { jobResultsLost: true });
    expect((await zendesk.get(`/api/v2/job_statuses/${id}`)).status).toBe(404);
  });
});
