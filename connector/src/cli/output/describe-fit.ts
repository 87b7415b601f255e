import type { FitResult } from "@ml-connector/contract";
import { counted, grouped, lasting } from "../../views/index.ts";
import type { Layout } from "./layout.ts";
import { paragraphs, section } from "./sections.ts";
import { table } from "./table.ts";
import { reasonWords } from "./terms.ts";

export function fitText(fit: FitResult, layout: Layout): string {
  const rows: [string, number][] = [
    ["link to an organization that is there", fit.link],
    ["get an organization of their own", fit.create],
    ["wait for a person", fit.review],
    ["are shown with their top customer", fit.rolledUp],
    ["have no recent documents: out of scope", fit.outOfScope],
  ];
  const drawn = table(
    [{ head: "Customers and vendors that" }, { head: "Count", align: "right" }],
    rows.map(([what, count]) => [what, grouped(count)]),
    layout,
  );
  return paragraphs([
    section(`How ${counted(fit.parties, "customer or vendor", "customers and vendors")} fit`, drawn, layout),
    reviewText(fit, layout),
    fit.gaps.length === 0 ? "Nothing is missing." : `What is missing:\n${fit.gaps.map((gap) => `- ${gap}`).join("\n")}`,
    `The first load takes ${counted(fit.calls, "Zendesk call")} and about ${lasting(fit.expectedSeconds * 1000)}. Nothing was written for this report.`,
  ]);
}

function reviewText({ reviewByReason }: FitResult, layout: Layout): string | undefined {
  const rows = Object.entries(reviewByReason).filter(([, count]) => count > 0);
  if (rows.length === 0) return undefined;
  const drawn = table(
    [{ head: "Why it would wait" }, { head: "Count", align: "right" }],
    rows.map(([reason, count]) => [reasonWords(reason), grouped(count)]),
    layout,
  );
  return section("For a person to decide", drawn, layout);
}
