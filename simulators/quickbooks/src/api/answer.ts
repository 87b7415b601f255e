import type { Switches } from "../behaviour/index.ts";
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
import type { Randomness } from "../randomness.ts";
import { reportOf } from "../reports/index.ts";
import { type WriteOperation, writeRecord } from "../writes/index.ts";
import { batchResponse } from "./batch.ts";
import type { Answer, ApiCall } from "./call.ts";
import { cdcResponse } from "./cdc.ts";
import { queryResponse, queryText } from "./query.ts";
import type { ApiRoute } from "./route.ts";

export interface ApiWorld {
  readonly company: Company;
  /** What queries and change data capture see: the company, or what it was a little earlier. */
  readonly visible: Company;
  readonly nowMs: number;
  readonly switches: Switches;
  readonly randomness: Randomness;
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
      return answer("QueryResponse", queryResponse(world.visible, queryText(call), world.switches));
    case "cdc":
      return answer("CDCResponse", cdcResponse(world.visible, call, { nowMs: world.nowMs, switches: world.switches }));
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
      return answer(route.entity, writeOne(world, route.entity, route.operation, call));
    case "report": {
      const report = reportOf(world.company, route.report, call.query, world.nowMs);
      return { json: JSON.stringify(report), summary: { report: route.report } };
    }
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

function writeOne(world: ApiWorld, entity: EntityName, operation: WriteOperation | "write", call: ApiCall): Answer {
  const given = bodyOf(call);
  const included = new Set((call.query["include"] ?? "").toLowerCase().split(","));
  // A payment is voided by an update with include=void (all-entities/payment; node-quickbooks voidPayment).
  const asked = operation === "update" && included.has("void") ? "void" : operation;
  const chosen = asked === "write" ? (textAt(given, "Id") === undefined ? "create" : "update") : asked;
  const { record, events } = writeRecord(world.company, world.nowMs, world.switches, {
    entity,
    operation: chosen,
    given,
    allowsDuplicateNumber: included.has("allowduplicatedocnum"),
  });
  world.changed(events);
  return { json: JSON.stringify(record), summary: { entity, operation: chosen } };
}

function batchDoor(world: ApiWorld) {
  return {
    query: (text: string) => queryResponse(world.visible, text, world.switches),
    order<T>(items: T[]): T[] {
      if (!world.switches.shuffleBatch) return items;
      const drawn = items.map((item) => ({ item, place: world.randomness.fraction() }));
      return drawn.sort((a, b) => a.place - b.place).map(({ item }) => item);
    },
    write(record: JsonRecord, name: string, operation: WriteOperation): string {
      const entity = entityNamed(name)?.name;
      if (entity === undefined) throw faults.unsupportedProperty(name);
      const written = writeRecord(world.company, world.nowMs, world.switches, {
        entity,
        operation,
        given: record,
      });
      world.changed(written.events);
      return `"${entityOf(entity).name}":${JSON.stringify(written.record)}`;
    },
  };
}
