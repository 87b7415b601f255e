import type { AuditRow, operations } from "@ml-connector/contract";
import { parseOrganizationId } from "../../../domain/index.ts";
import type { JournalFilter, JournalStore } from "../../../oversight/journal/index.ts";
import { auditRow } from "../../../views/index.ts";
import type { Call, Calls } from "../call.ts";
import { csvLine } from "../csv.ts";
import { numberOfCursor, pageOf } from "../cursor.ts";

const exportedAtOnce = 1_000;
const columns = [
  "row",
  "at",
  "action",
  "parties",
  "organization",
  "who",
  "causes",
  "before",
  "after",
  "outcome",
  "zendesk request",
  "quickbooks request",
];

export type AuditCalls = Calls<"searchAudit" | "exportAudit">;

export function auditCalls(journal: JournalStore): AuditCalls {
  return {
    async searchAudit(call) {
      const { connection, query } = call;
      const before = numberOfCursor(query.after);
      const filter = { ...filterOf(call), ...(before === undefined ? {} : { before }), limit: query.limit + 1 };
      const { shown, next } = pageOf(await journal.search(filter), query.limit, ({ id }) => id);
      return { connectionId: connection.id, rows: shown.map(auditRow), next };
    },

    async exportAudit(call) {
      return csvRows(journal, filterOf(call), call.signal);
    },
  };
}

type Searched = Call<(typeof operations)["searchAudit" | "exportAudit"]>;

function filterOf({ connection, query }: Pick<Searched, "connection" | "query">): Omit<JournalFilter, "limit"> {
  const { party, organizationId } = query;
  return {
    connectionId: connection.id,
    ...(party === undefined ? {} : { party }),
    ...(organizationId === undefined ? {} : { organizationId: parseOrganizationId(organizationId) }),
  };
}

/** Page by page, newest first: an export of years takes no more memory than one page. */
async function* csvRows(
  journal: JournalStore,
  filter: Omit<JournalFilter, "limit">,
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield csvLine(columns);
  let before: number | undefined;
  while (!signal.aborted) {
    const rows = await journal.search({
      ...filter,
      ...(before === undefined ? {} : { before }),
      limit: exportedAtOnce,
    });
    if (rows.length > 0) yield rows.map((row) => csvLine(cellsOf(auditRow(row)))).join("");
    before = rows.at(-1)?.id;
    if (before === undefined || rows.length < exportedAtOnce) return;
  }
}

function cellsOf(row: AuditRow): (string | number | null)[] {
  return [
    row.id,
    row.at,
    row.action,
    row.parties.join(" "),
    row.organizationId,
    row.who,
    JSON.stringify(row.causes),
    JSON.stringify(row.before),
    JSON.stringify(row.after),
    row.outcome,
    row.requestIds.zendesk,
    row.requestIds.quickbooks,
  ];
}
