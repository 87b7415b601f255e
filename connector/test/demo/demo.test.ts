import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { copyOfTree, type Mistake, runDemo } from "./demo-program.ts";
import { smallAccount, smallCompany } from "./small-company.ts";

const keys = [
  "parties",
  "linked",
  "rolledUp",
  "parked",
  "ignored",
  "outOfScope",
  "organizations",
  "equal",
  "different",
  "foreignTouched",
  "quickbooksPages",
  "quickbooksCalls",
  "zendeskWrites",
  "zendeskCalls",
  "callsByKind",
  "firstLoadMs",
  "liveP50Ms",
  "liveP95Ms",
];

const folder = mkdtempSync(path.join(os.tmpdir(), "ml-connector-test-"));
const log = path.join(folder, "service.log");
mkdirSync(path.join(folder, "company"));
writeFileSync(path.join(folder, "company", "company.json"), JSON.stringify(smallCompany));
writeFileSync(path.join(folder, "account.json"), JSON.stringify(smallAccount));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const mistakes: Readonly<Record<string, Mistake>> = {
  "calls clients overdue who have paid": {
    file: "profile/status.ts",
    right: "return standing.late.minus(standing.unappliedCredit).greaterThan(tolerance);",
    wrong: "return standing.late.greaterThan(tolerance);",
  },
  "counts what is open twice": {
    file: "profile/side-tally.ts",
    right: "side.open = add(side.open, amount);",
    wrong: "side.open = add(add(side.open, amount), amount);",
  },
  "adds up currencies": {
    file: "profile/card-units.ts",
    right: "unitOf.set(partyKeyText(party), unit && sameCurrency ? unit : newUnit(units, party, false));",
    wrong: "unitOf.set(partyKeyText(party), unit && (sameCurrency || unit) ? unit : newUnit(units, party, false));",
  },
};

describe("the demo", () => {
  /** Mostly waits for the simulated jobs, so it runs beside the others. */
  const sample = runDemo(["--once", "--json", "--changes", "10", "--log", log]);
  sample.catch(() => undefined);
  const tree = copyOfTree(path.join(folder, "tree"));
  const runOwn = (...more: string[]) => {
    const words = ["--once", "--json", "--changes", "0", ...more];
    return runDemo(words, { tree: tree.folder, compiled: path.join(folder, "compiled") });
  };
  const own = ["--company", path.join(folder, "company"), "--account", path.join(folder, "account.json")];

  it("takes a company in a folder and an account, and finds everything equal", async () => {
    const { code, result } = await runOwn(...own);
    expect(result).toMatchObject({ parties: 6, linked: 4, rolledUp: 2, organizations: 4, equal: 4, different: 0 });
    expect(result).toMatchObject({ foreignTouched: 0, liveP50Ms: null });
    expect(code).toBe(0);
  });

  it.each(Object.entries(mistakes))("fails when a mapping %s", async (_, mistake) => {
    const { code, result, err } = await tree.withMistake(mistake, () => runOwn(...own));
    expect(result["different"], err.slice(-1_500)).toBeGreaterThan(0);
    expect(code).not.toBe(0);
  });

  it("says in one line what to do about a company that is not there", async () => {
    const { code, result } = await runOwn("--company", "/nowhere");
    expect(code).not.toBe(0);
    const says = "There is no /nowhere. Give --company a JSON file, or a folder with company.json.";
    expect(result).toEqual({ error: { kind: "operator", says } });
  });

  it("loads its own company, lives through ten changes, and finds everything equal", async () => {
    const { code, err, result } = await sample;
    expect(Object.keys(result).sort(), err.slice(-2_000)).toEqual([...keys].sort());
    expect(code).toBe(0);
    const number = (key: string) => Number(result[key]);
    const five = ["linked", "rolledUp", "parked", "ignored", "outOfScope"];
    expect(five.reduce((sum, key) => sum + number(key), 0)).toBe(number("parties"));
    expect(result).toMatchObject({ equal: number("organizations"), different: 0, foreignTouched: 0 });
    expect(number("organizations")).toBeGreaterThan(250);
    expect(number("quickbooksCalls")).toBeLessThanOrEqual(number("quickbooksPages") + 25);
    expect(number("zendeskWrites")).toBeLessThanOrEqual(number("organizations") / 100 + 30);
    expect(number("parked") / number("parties")).toBeLessThanOrEqual(0.03);
    expect(result["liveP95Ms"]).toEqual(expect.any(Number));
  });

  it("writes no address and no secret into its log", () => {
    const lines = readFileSync(log, "utf8").trim().split("\n");
    expect(lines.length).toBeGreaterThan(2);
    const telling = /[\w.+-]+@[\w-]+\.\w+|simulator-secret|demo-verifier|Bearer |_token/;
    expect(lines.filter((line) => telling.test(line))).toEqual([]);
  });
});
