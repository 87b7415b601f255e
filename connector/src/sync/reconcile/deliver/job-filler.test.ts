import { describe, expect, it } from "vitest";
import { JobFiller } from "./job-filler.ts";

/** Jobs end when the test says so. */
function filler(size: number) {
  const jobs: { items: readonly string[]; end: (fault?: Error) => void }[] = [];
  const made = new JobFiller<string>({
    size,
    groupOf: (item) => item.slice(0, 1),
    send: (items) =>
      new Promise((resolve, reject) => {
        jobs.push({ items, end: (fault) => (fault ? reject(fault) : resolve()) });
      }),
  });
  return { jobs, made };
}

const later = () => {
  let resolve: (items: readonly string[]) => void = () => undefined;
  const decided = new Promise<readonly string[]>((done) => {
    resolve = done;
  });
  return { decide: () => decided, resolve };
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("jobs", () => {
  it("are filled from several batches, and the rest goes when nothing is being decided any more", async () => {
    const { jobs, made } = filler(3);
    const [one, other] = [later(), later()];
    const ends = [made.fill(one.decide), made.fill(other.decide)];
    one.resolve(["a1", "a2", "b1"]);
    await turn();
    expect(jobs).toEqual([]);
    other.resolve(["a3", "a4"]);
    await turn();
    expect(jobs.map(({ items }) => items)).toEqual([["a1", "a2", "a3"], ["a4"], ["b1"]]);
    for (const { end } of jobs) end();
    await Promise.all(ends);
  });

  it("go at once when they are full, whoever is still deciding", async () => {
    const { jobs, made } = filler(2);
    const slow = later();
    const waits = made.fill(slow.decide);
    const filled = made.fill(() => Promise.resolve(["a1", "a2", "a3"]));
    await turn();
    expect(jobs.map(({ items }) => items)).toEqual([["a1", "a2"]]);
    slow.resolve([]);
    await waits;
    expect(jobs[1]?.items).toEqual(["a3"]);
    for (const { end } of jobs) end();
    await filled;
  });

  it("end a batch only when all of its items are settled, and fail those that were in them", async () => {
    const { jobs, made } = filler(2);
    const slow = later();
    const good = made.fill(slow.decide);
    const bad = made.fill(() => Promise.resolve(["a1", "a2", "a3"]));
    slow.resolve(["b1"]);
    await turn();
    jobs[0]?.end();
    jobs[1]?.end(new Error("lost"));
    jobs[2]?.end();
    await expect(bad).rejects.toThrow("lost");
    await good;
  });

  it("are sent also after a batch that could not be decided", async () => {
    const { jobs, made } = filler(2);
    const broken = later();
    const fails = made.fill(async () => {
      await broken.decide();
      throw new Error("no database");
    });
    const waits = made.fill(() => Promise.resolve(["a1"]));
    await turn();
    expect(jobs).toEqual([]);
    broken.resolve([]);
    await expect(fails).rejects.toThrow("no database");
    jobs[0]?.end();
    await waits;
  });
});
