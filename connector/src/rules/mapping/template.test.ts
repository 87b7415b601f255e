import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import { createEnvironment, wordsOf } from "./expressions/index.ts";
import { parseTemplate } from "./template.ts";

const environment = createEnvironment();
const words = wordsOf({
  card: {
    name: "Acme {{ card.key }}",
    documents: [
      { number: "1001", balance: new Decimal("12.5"), open: true },
      { number: "1002", balance: new Decimal(3), open: true },
    ],
  },
  customer: { open: new Decimal("1234.5"), openCount: 2, active: true, addresses: ["ann@acme.com", "bill@acme.com"] },
  profile: { currency: "USD" },
});

function render(source: string): string {
  const read = parseTemplate(environment, source);
  if ("problems" in read) throw new Error(read.problems.map(({ says }) => says).join(" "));
  return read.template.render(words);
}

const problemsOf = (source: string) => {
  const read = parseTemplate(environment, source);
  return "problems" in read ? read.problems : [];
};

describe("a template", () => {
  it.each([
    ["no holes at all", "no holes at all"],
    ["Open: {{ customer.open }} {{profile.currency}} ({{ customer.openCount }})", "Open: 1234.50 USD (2)"],
    ["{{ customer.active }}", "yes"],
    ["{{ vendor.displayName }}", ""],
    ["To: {{ customer.addresses }}", "To: ann@acme.com, bill@acme.com"],
    [
      "Invoices:\n{{ card.documents.map(d, d.number + ': ' + string(d.balance)) }}\nEnd",
      "Invoices:\n1001: 12.50\n1002: 3.00\nEnd",
    ],
  ])("%j", (source, text) => {
    expect(render(source)).toBe(text);
  });

  it("never fills a hole that comes with the text of a card", () => {
    expect(render("{{ card.name }}")).toBe("Acme {{ card.key }}");
  });

  it.each([
    ["Open: {{ customer.open", 6, "This hole is left open."],
    ["{{ customer.open {{ card.name }}", 0, "This hole is left open."],
    ["customer.open }}", 14, "This closes a hole that was never opened."],
    ["{{ }}", 2, "The expression is empty."],
    ["Line 1\n{{ customer.opn }}", 19, 'There is no "opn" here.'],
    ["{{ customer }}", 0, "A hole takes a text, a number, a date or a list of these."],
  ])("is refused where it stands: %j", (source, start, says) => {
    expect(problemsOf(source)).toEqual([expect.objectContaining({ start, says })]);
  });

  it("says what is wrong in all of its holes at once", () => {
    expect(problemsOf("{{ a }} {{ card.name }} {{ b }}").map(({ start }) => start)).toEqual([3, 27]);
  });
});
