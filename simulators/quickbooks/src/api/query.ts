import type { Switches } from "../behaviour/index.ts";
import { type Company, type Row, recordOf } from "../company/index.ts";
import { faults } from "../faults.ts";
import { recordAt, textAt } from "../json.ts";
import { executeQuery, type QueryResult } from "../query/index.ts";
import type { Answer, ApiCall } from "./call.ts";

/** The `QueryResponse` object of one query; `{}` when nothing matches (recorded, NangoHQ/integration-templates). */
export function queryResponse(company: Company, text: string, switches: Switches): Answer {
  const result = executeQuery(company, text, switches);
  if (switches.invalidEmailFailsPage && result.kind === "rows") refuseInvalidEmails(result.rows);
  return { json: responseOf(result), summary: summaryOf(result) };
}

/** One invoice with an invalid address makes the whole page fail (QuickBooks-V3-DotNET-SDK issue 111, Java-SDK issue 47). */
function refuseInvalidEmails(rows: readonly Row[]): void {
  for (const row of rows) {
    if (!row.json.includes('"BillEmail"')) continue;
    const address = textAt(recordAt(recordOf(row), "BillEmail") ?? {}, "Address") ?? "";
    const isInvalid = address.split(/[,;]/).some((one) => !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(one.trim()));
    if (isInvalid) throw faults.queryProcessing("To email address entered is invalid");
  }
}

function responseOf(result: QueryResult): string {
  if (result.kind === "count") return `{"totalCount":${result.count}}`;
  const { rows, entity } = result;
  if (rows.length === 0) return "{}";
  const list = rows.map((row) => row.json).join(",");
  // `totalCount` is the number of rows in the answer, not of all that match: quickbooks-ruby spec/fixtures/*.xml never
  // show another; whether it counts all is not documented, so nothing should rely on it.
  const counted = entity.countsInQuery ? `,"totalCount":${rows.length}` : "";
  return `{"${entity.name}":[${list}],"startPosition":${result.startPosition},"maxResults":${rows.length}${counted}}`;
}

function summaryOf(result: QueryResult): Answer["summary"] {
  return result.kind === "count"
    ? { entity: result.entity.name, count: result.count }
    : { entity: result.entity.name, rows: result.rows.length };
}

/** GET carries the query in the URL; POST as text, or as a form field (STRESS; python-quickbooks posts application/text). */
export function queryText(call: ApiCall): string {
  const inUrl = call.query["query"];
  if (call.method === "GET" || inUrl !== undefined) {
    if (inUrl === undefined || inUrl === "") throw faults.requiredParameter("query");
    return inUrl;
  }
  const text = call.body.toString("utf8");
  if (call.contentType.startsWith("application/x-www-form-urlencoded")) {
    return new URLSearchParams(text).get("query") ?? text;
  }
  if (text.trim() === "") throw faults.requiredParameter("query");
  return text;
}
