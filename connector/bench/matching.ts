import { randomInt } from "node:crypto";
import { type Bench, round } from "./bench.ts";
import { scoreMatching, type Tally } from "./matching/score.ts";

/** The commit that holds the labels, made before the matcher was changed for them. */
const labels = "75548c36cf56ac67a90c2ab636bbdbf3bdd4149f";

/** What matching does by itself, against labels that were written down first: how often it is wrong, how much it finds, how much it asks. */
export const matching: Bench = async ({ seed: given, size, say }) => {
  const seed = given ?? randomInt(1, 2 ** 31);
  say(`names and noise of seed ${seed}`);
  const startedAt = performance.now();
  const tallies = await scoreMatching(seed, size === "full" ? 1 : 0.1);
  const all = [...tallies.values()];
  return {
    ...ratesOf(all),
    pairs: sum(all, ({ pairs }) => pairs),
    parkedParties: sum(all, ({ parked }) => parked),
    nearListed: round(sum(all, ({ nearListed }) => nearListed) / sum(all, ({ near }) => near), 4),
    unasked: sum(all, ({ unasked }) => unasked.length),
    perClass: Object.fromEntries(
      [...tallies].map(([name, tally]) => [name, { ...ratesOf([tally]), pairs: tally.pairs }]),
    ),
    seed,
    labels,
    ms: Math.round(performance.now() - startedAt),
  };
};

/** precision: of the links made, the right ones; recall: of the links to be made, those made; parkedRatio: questions to a person per pair. */
function ratesOf(tallies: readonly Tally[]): { precision: number; recall: number; parkedRatio: number } {
  const linked = sum(tallies, (tally) => tally.linked);
  const wrong = sum(tallies, (tally) => tally.wrong.length);
  const linkable = sum(tallies, (tally) => tally.linkable);
  return {
    precision: linked === 0 ? 1 : round((linked - wrong) / linked, 4),
    recall: linkable === 0 ? 1 : round((linked - wrong) / linkable, 4),
    parkedRatio: round(sum(tallies, ({ questions }) => questions) / sum(tallies, ({ pairs }) => pairs), 4),
  };
}

function sum(tallies: readonly Tally[], of: (tally: Tally) => number): number {
  return tallies.reduce((total, tally) => total + of(tally), 0);
}
