import { describe, expect, it } from "vitest";
import { CommitQueue, Overloaded } from "./commit-queue.ts";

/** Commits end when the test says so. */
function queue() {
  const commits: { items: readonly number[]; end: (fault?: Error) => void }[] = [];
  const made = new CommitQueue<number, number>(
    (items) =>
      new Promise((resolve, reject) => {
        commits.push({ items, end: (fault) => (fault ? reject(fault) : resolve(items.length)) });
      }),
  );
  return { commits, made };
}

describe("what waits to be committed", () => {
  it("shares the next commit while two are under way", async () => {
    const { commits, made } = queue();
    const waiting = Array.from({ length: 50 }, (_, n) => made.add([n]));
    expect(commits.map(({ items }) => items)).toEqual([[0], [1]]);
    commits[0]?.end();
    await waiting[0];
    expect(commits[2]?.items).toEqual(Array.from({ length: 48 }, (_, n) => n + 2));
    commits[1]?.end();
    commits[2]?.end();
    expect(await Promise.all(waiting)).toEqual([1, 1, ...Array.from({ length: 48 }, () => 48)]);
    await made.close();
  });

  it("fails with its own commit alone", async () => {
    const { commits, made } = queue();
    const [one, other] = [made.add([1]), made.add([2])];
    commits[0]?.end(new Error("away"));
    commits[1]?.end();
    await expect(one).rejects.toThrow("away");
    expect(await other).toBe(1);
  });

  it("takes at most 2,000 items at once, and never cuts a delivery in two", async () => {
    const { commits, made } = queue();
    const large = Array.from({ length: 1_500 }, (_, n) => n);
    const waiting = [made.add([1]), made.add([2]), made.add(large), made.add(large)];
    commits[0]?.end();
    await waiting[0];
    expect(commits[2]?.items).toHaveLength(1_500);
    commits[1]?.end();
    await waiting[1];
    expect(commits[3]?.items).toHaveLength(1_500);
    for (const { end } of commits) end();
    await Promise.all(waiting);
  });

  it("sends away who comes when thousands wait already", async () => {
    const { commits, made } = queue();
    const waiting = Array.from({ length: 5_002 }, (_, n) => made.add([n]));
    await expect(made.add([0])).rejects.toThrow(Overloaded);
    while (commits.length > 0) {
      for (const { end } of commits.splice(0)) end();
      await new Promise((next) => setImmediate(next));
    }
    await Promise.all(waiting);
  });
});
