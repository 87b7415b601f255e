/** Each failed try quarters the group: after four of them the largest claim is down to single records, and nobody was asked in a storm. */
const splitBy = 4;

/** Groups of marks that are read in one question: those that never failed all together, the others by how often they failed. Pure. */
export function readTogether<Claimed extends { attempts: number }>(marks: readonly Claimed[]): Claimed[][] {
  const byAttempts = new Map<number, Claimed[]>();
  for (const mark of marks) byAttempts.set(mark.attempts, [...(byAttempts.get(mark.attempts) ?? []), mark]);
  return [...byAttempts].flatMap(([attempts, group]) => {
    const size = Math.max(1, Math.ceil(group.length / splitBy ** attempts));
    return Array.from({ length: Math.ceil(group.length / size) }, (_, index) =>
      group.slice(index * size, (index + 1) * size),
    );
  });
}
