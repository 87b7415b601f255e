/** `customer.lastPayment.date`, read from the view of a card. Absent anywhere on the way is null. */
export function pathReader(source: string): (view: object) => unknown {
  const names = source.split(".");
  return (view) => {
    let at: unknown = view;
    for (const name of names) {
      if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return null;
      at = (at as Record<string, unknown>)[name]; // an object that has this name itself
    }
    return at;
  };
}
