/** The known name that somebody meant, at most three slips away (one inserted, left out, replaced or swapped letter each). */
export function didYouMean(written: string, known: readonly string[]): string | undefined {
  const most = Math.min(3, Math.floor(written.length / 4));
  const near = known
    .map((name) => ({ name, slips: countSlips(written.toUpperCase(), name.toUpperCase()) }))
    .filter(({ slips }) => slips <= most)
    .sort((a, b) => a.slips - b.slips);
  return near[0]?.name;
}

/** Optimal string alignment distance. Names are short: quadratic time is nothing. */
function countSlips(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (last[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      let slips = Math.min(replaced, (last[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1);
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        slips = Math.min(slips, (beforeLast[column - 2] ?? 0) + 1);
      }
      line.push(slips);
    }
    beforeLast = last;
    last = line;
  }
  return last[to.length] ?? 0;
}
