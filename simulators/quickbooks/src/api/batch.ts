import { entityNamed, isUnbuiltEntity } from "../company/index.ts";
import { faults, VendorFault } from "../faults.ts";
import { isRecord, type JsonRecord, parseRecord, textAt } from "../json.ts";
import { NotBuilt } from "../not-built.ts";
import type { WriteOperation } from "../writes/index.ts";
import type { Answer, ApiCall } from "./call.ts";

// Limits page: 30 payloads; node-quickbooks and the .NET SDK enforce 30 since 2025-11.
const mostItems = 30;

export interface BatchDoor {
  query(text: string): Answer;
  write(entity: JsonRecord, name: string, operation: WriteOperation): string;
  /** The order in which the answers stand: not guaranteed by the vendor. */
  order<T>(items: T[]): T[];
}

/** How many items a batch holds, for limits that count them. */
export function batchSize(call: ApiCall): { items: number; hasQueries: boolean } {
  const items = parseRecord(call.body.toString("utf8"))?.["BatchItemRequest"];
  if (!Array.isArray(items)) return { items: 1, hasQueries: true };
  return {
    items: Math.max(1, items.length),
    hasQueries: items.some((item) => isRecord(item) && item["Query"] !== undefined),
  };
}

/** Items stand alone: a fault of one leaves the others untouched (SPIKE, see README). */
export function batchResponse(call: ApiCall, door: BatchDoor): Answer {
  const items = parseRecord(call.body.toString("utf8"))?.["BatchItemRequest"];
  if (!Array.isArray(items) || items.length === 0) throw faults.requiredParameter("BatchItemRequest");
  if (items.length > mostItems) throw faults.batchTooLarge(mostItems);
  const kinds: Record<string, number> = {};
  const answers = items.map((item) => {
    const kind = kindOf(item);
    kinds[kind] = (kinds[kind] ?? 0) + 1;
    const bId = isRecord(item) ? textAt(item, "bId") : undefined;
    const head = bId === undefined ? "" : `"bId":${JSON.stringify(bId)},`;
    return `{${head}${itemAnswer(item, door)}}`;
  });
  return { json: `[${door.order(answers).join(",")}]`, summary: { items: kinds } };
}

/** `query`, or the operation with its entity, for the request log. */
function kindOf(item: unknown): string {
  if (!isRecord(item)) return "unreadable";
  if (item["Query"] !== undefined) return "query";
  const entity = Object.keys(item).find((key) => entityNamed(key) !== undefined);
  return `${textAt(item, "operation") ?? "?"} ${entity ?? "?"}`;
}

function itemAnswer(item: unknown, door: BatchDoor): string {
  try {
    if (!isRecord(item)) throw faults.unsupportedProperty("BatchItemRequest");
    const query = item["Query"];
    if (typeof query === "string") return `"QueryResponse":${door.query(query).json}`;
    const [name, record] = entityIn(item);
    const operation = textAt(item, "operation")?.toLowerCase();
    if (operation !== "create" && operation !== "update" && operation !== "delete" && operation !== "void") {
      throw faults.unsupportedOperation(operation ?? "");
    }
    return door.write(record, name, operation);
  } catch (error) {
    if (error instanceof VendorFault) {
      return `"Fault":${JSON.stringify({ type: error.fault.type, Error: error.fault.errors })}`;
    }
    throw error;
  }
}

function entityIn(item: JsonRecord): [name: string, record: JsonRecord] {
  for (const [key, value] of Object.entries(item)) {
    if (key === "CDCQuery" || key === "ReportQuery" || isUnbuiltEntity(key)) throw new NotBuilt(`batch ${key}`);
    if (isRecord(value) && entityNamed(key) !== undefined) return [key, value];
  }
  throw faults.unsupportedProperty("BatchItemRequest");
}
