import {
  type ChangeEvent,
  type Company,
  type EntityName,
  entityNamed,
  entityOf,
  pacificTimeWithMs,
  tableOf,
} from "../company/index.ts";
import { faults } from "../faults.ts";
import { type JsonRecord, parseRecord, textAt } from "../json.ts";
import { NotBuilt } from "../not-built.ts";
import { type WriteOperation, writeRecord } from "../writes/index.ts";
import { batchResponse } from "./batch.ts";
import type { Answer, ApiCall } from "./call.ts";
import { cdcResponse } from "./cdc.ts";
import { queryResponse, queryText } from "./query.ts";
import type { ApiRoute } from "./route.ts";

export interface ApiWorld {
  readonly company: Company;
  readonly nowMs: number;
  /** Called once per write that took effect. */
  readonly changed: (events: readonly ChangeEvent[]) => void;
}

/** The body that the service layer answers, envelope with its `time` in milliseconds included. */
export function answerCall(world: ApiWorld, route: ApiRoute, call: ApiCall): Answer {
  const answer = (name: string, { json, summary }: Answer): Answer => ({
    json: `{${JSON.stringify(name)}:${json},"time":"${pacificTimeWithMs(world.nowMs)}"}`,
    summary,
  });
  switch (route.operation) {
    case "query":
      return answer("QueryResponse", queryResponse(world.company, queryText(call)));
    case "cdc":
      return answer("CDCResponse", cdcResponse(world.company, call, world.nowMs));
    case "batch":
      return answer("BatchItemResponse", batchResponse(call, batchDoor(world)));
    case "companyinfo":
    case "preferences":
    case "read":
      return answer(route.entity, readOne(world.company, route.entity, route.id));
    case "write":
    case "create":
    case "update":
    case "delete":
    case "void":
      return answer(route.entity, writeOne(world, route.entity, route.operation, bodyOf(call)));
    case "report":
      throw new NotBuilt(`report ${route.report}`);
    case "not-built":
      throw new NotBuilt(route.name);
    case "not-found":
      throw faults.application(
        `System Failure Error: Could not find resource for relative : ${call.segments.join("/")}`,
        404,
      );
  }
}

function readOne(company: Company, entity: EntityName, id: string): Answer {
  const row = tableOf(company, entity).get(id);
  if (row === undefined) throw faults.objectNotFound();
  return { json: row.json, summary: { entity, rows: 1 } };
}

function bodyOf(call: ApiCall): JsonRecord {
  const body = parseRecord(call.body.toString("utf8"));
  if (body === undefined) throw faults.unsupportedProperty("failed to parse json object; a property");
  return body;
}

function writeOne(world: ApiWorld, entity: EntityName, operation: WriteOperation | "write", given: JsonRecord): Answer {
  // quickbooks-ruby and the SDKs wrap nothing; a wrapped body is unwrapped by nobody.
  const chosen = operation === "write" ? (textAt(given, "Id") === undefined ? "create" : "update") : operation;
  const { record, events } = writeRecord(world.company, world.nowMs, { entity, operation: chosen, given });
  world.changed(events);
  return { json: JSON.stringify(record), summary: { entity, operation: chosen } };
}

function batchDoor(world: ApiWorld) {
  return {
    query: (text: string) => queryResponse(world.company, text),
    write(record: JsonRecord, name: string, operation: WriteOperation): string {
      const entity = entityNamed(name)?.name;
      if (entity === undefined) throw faults.unsupportedProperty(name);
      const written = writeRecord(world.company, world.nowMs, { entity, operation, given: record });
      world.changed(written.events);
      return `"${entityOf(entity).name}":${JSON.stringify(written.record)}`;
    },
  };
}
