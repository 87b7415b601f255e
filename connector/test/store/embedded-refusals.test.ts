import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { locatePackage } from "../../src/store/embedded/binaries.ts";
import { runProgram } from "../../src/store/embedded/run-program.ts";
import { asRoot, killed, nobody, workshop } from "./embedded-fixture.ts";

const shop = await workshop();
afterAll(() => shop.close());

function refusal(says: RegExp) {
  return { name: "OperatorError", refused: expect.stringMatching(says) };
}

describe("the built-in PostgreSQL refuses, in one sentence with what to do,", () => {
  it("data of another major version, and a cluster whose record was damaged; both stay as they are", async () => {
    const folder = shop.folder("old");
    const { child } = await shop.start(folder);
    await killed(child, "SIGTERM");
    const record = path.join(folder, "database/cluster.json");
    const before = readFileSync(record);
    writeFileSync(record, "{");
    expect(await shop.start(folder)).toMatchObject(refusal(/cluster\.json is damaged.*backup/s));
    writeFileSync(record, before);
    writeFileSync(path.join(folder, "database/data/PG_VERSION"), "17\n");
    expect(await shop.start(folder)).toMatchObject(
      refusal(/made by PostgreSQL 17, and this version.*brings PostgreSQL 18.*DATABASE_URL/s),
    );
  });

  it("a data folder that is a file", async () => {
    const file = path.join(shop.root, "file");
    writeFileSync(file, "");
    expect(await shop.start(file)).toMatchObject(refusal(/is a file.*ML_CONNECTOR_DATA/s));
    expect(await shop.start(path.join(file, "below"))).toMatchObject(refusal(/is a file/));
  });

  it("a relative data folder", async () => {
    expect(await shop.start("data")).toMatchObject(refusal(/not an absolute path/));
  });

  it.runIf(asRoot)("a data folder that PostgreSQL's user cannot reach, and names the folder in the way", async () => {
    shop.folder("closed", { mode: 0o700 });
    const inside = shop.folder("closed/inside");
    expect(await shop.start(inside)).toMatchObject(refusal(/out of reach for the user ".+".*chmod o\+x .*closed"/s));
  });

  it.runIf(asRoot)("a data folder that an ordinary user may not write to", async () => {
    const folder = shop.folder("root's");
    chmodSync(folder, 0o755);
    expect(await shop.start(folder, nobody)).toMatchObject(refusal(/may not read and write there/));
    expect(await shop.start(path.join(folder, "below"), nobody)).toMatchObject(refusal(/may not read and write there/));
  });

  it("a system without glibc, whose loader the programs ask for", async () => {
    // What a musl system answers: the program is there, its interpreter is not.
    const program = path.join(shop.folder("musl"), "postgres");
    writeFileSync(program, "#!/lib/ld-not-there.so.1\n");
    chmodSync(program, 0o755);
    await expect(runProgram(program, { args: [], cwd: "/", runAs: undefined })).rejects.toThrow(
      /needs glibc.*DATABASE_URL/s,
    );
  });

  it("programs that may not be executed", async () => {
    const folder = shop.folder("noexec");
    mkdirSync(path.join(folder, "bin"));
    writeFileSync(path.join(folder, "bin/postgres"), "");
    await expect(
      runProgram(path.join(folder, "bin/postgres"), { args: [], cwd: "/", runAs: undefined }),
    ).rejects.toThrow(/noexec/);
  });

  it("a machine that no programs are packed for", () => {
    expect(() => locatePackage("sunos", "sparc")).toThrow(/no built-in PostgreSQL for sunos on sparc.*DATABASE_URL/s);
  });
});
