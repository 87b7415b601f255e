import { randomInt } from "node:crypto";

const usual = 20_261_122;

/**
 * The same seed for every run, so that a run can be trusted; `SEED=12345 npm test -- connector/test/property` takes another, `SEED=new` one that
 * nobody has seen. Printed, so that the run can be had again.
 */
export function seedOfRun(what: string): number {
  const given = process.env["SEED"];
  const named = Number(given);
  const seed = given === "new" ? randomInt(1, 2 ** 31) : Number.isSafeInteger(named) && named > 0 ? named : usual;
  process.stderr.write(`${what}: SEED=${seed}\n`);
  return seed;
}
