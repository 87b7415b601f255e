import type { TypeError as CelTypeError, ParseError } from "@marcbachmann/cel-js";

const plainTypes: Record<string, string> = {
  string: "a text",
  int: "a whole number",
  double: "a number with decimals",
  money: "an amount",
  bool: "yes or no",
  dyn: "something of a QuickBooks record",
  null: "nothing",
};

/** The library's errors in the words of whoever writes a mapping. By its codes, which are its interface; what they say of types is kept. */
export function wording(fault: ParseError | CelTypeError | undefined): string {
  if (!fault) return "This is no expression.";
  switch (fault.code) {
    case "unknown_variable":
      return `There is no word "${lastWord(fault.summary)}". An expression starts with card, customer, vendor, profile, company or today.`;
    case "no_such_key":
      return `There is no "${lastWord(fault.summary)}" here.`;
    case "no_such_overload": {
      const found = /: (\S+) (\S+) (\S+)$/.exec(fault.summary);
      if (!found) return `${plainly(fault.summary)}.`;
      const [, left, sign, right] = found;
      return `"${sign}" does not work between ${typeWords(left)} and ${typeWords(right)}.`;
    }
    case "unexpected_token":
      return fault.summary.endsWith("EOF") ? "The expression ends too early." : `${plainly(fault.summary)}.`;
    default:
      return `${plainly(fault.summary)}.`;
  }
}

function lastWord(summary: string): string {
  return /(\w+)\W*$/.exec(summary)?.[1] ?? "";
}

export function typeWords(type: string | undefined): string {
  if (type === undefined) return "something";
  const known = plainTypes[type.replace(/^dyn<(.*)>$/, "$1")];
  return known ?? (type.startsWith("list") ? "a list" : `a ${type.toLowerCase()}`);
}

function plainly(summary: string): string {
  return summary.charAt(0).toUpperCase() + summary.slice(1).replace(/\.$/, "");
}
