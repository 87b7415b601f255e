/**
 * The fewest changes with which a failing run still fails, by halving: a run ends with the last of its changes, so each try is shorter than
 * the one before. How the processes interleave is not fixed by the seed: a try that passes may only have been lucky, and the answer is an
 * upper bound, which every run below it says of itself.
 */
export async function fewestChanges(upTo: number, fails: (changes: number) => Promise<boolean>): Promise<number> {
  let passing = 0;
  let failing = upTo;
  while (failing - passing > 1) {
    const middle = Math.floor((passing + failing) / 2);
    if (await fails(middle)) failing = middle;
    else passing = middle;
  }
  return failing;
}
