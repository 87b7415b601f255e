import type { Check } from "@ml-connector/contract";
import { counted, oneLine } from "../../views/index.ts";
import type { Layout } from "./layout.ts";
import { paragraphs, section } from "./sections.ts";
import { table } from "./table.ts";

const signs: Record<Check["state"], string> = { ok: "ok", warning: "look", failed: "FAILED" };

/** What was looked at, and last of all what to do, failures first. */
export function checksText(checks: readonly Check[], layout: Layout): string {
  const rows = checks.map(({ group, name, state, says }) => [group, name, signs[state], says]);
  const of = (state: Check["state"]) => checks.flatMap((check) => (check.state === state ? (check.todo ?? []) : []));
  const todo = [...new Set([...of("failed"), ...of("warning")])];
  const failed = checks.filter(({ state }) => state === "failed").length;
  return paragraphs([
    table(
      [{ head: "WHERE", whole: true }, { head: "WHAT" }, { head: "", whole: true }, { head: "FOUND" }],
      rows,
      layout,
    ),
    failed === 0 ? "Everything that has to work works." : `${counted(failed, "thing")} that has to work does not.`,
    todo.length === 0 ? undefined : section("What to do", todo.map((each) => `- ${oneLine(each)}`).join("\n"), layout),
  ]);
}
