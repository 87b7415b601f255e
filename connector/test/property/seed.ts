import { randomInt } from "node:crypto";

/** A new seed for every run, printed so that the run can be had again: `SEED=12345 npm test -- connector/test/property`. */
export function seedOfRun(what: string): number {
  const given = Number(process.env["SEED"]);
  const seed = Number.isSafeInteger(given) && given > 0 ? given : randomInt(1, 2 ** 31);
  process.stderr.write(`${what}: SEED=${seed}\n`);
  return seed;
}
