import { isJsonObject, type JsonObject } from "../records/input.ts";
import { vendorOperations } from "../vendor/index.ts";
import { ControlProblem } from "./problem.ts";
import type { Edit, Fault, Moment } from "./script.ts";

const operationNames = new Set([
  "*",
  "oauth.refresh",
  "oauth.client-credentials",
  ...vendorOperations.map((operation) => operation.name),
]);

function readOperation(sent: unknown, where: string): string {
  if (typeof sent !== "string" || !operationNames.has(sent)) {
    throw new ControlProblem(
      `${where}.operation: ${JSON.stringify(sent) ?? "nothing"} is no operation; use Zendesk's operationIds, e.g. CreateManyOrganizations, or *`,
    );
  }
  return sent;
}

function readCount(sent: unknown, where: string): number {
  if (sent === undefined) return 1;
  if (typeof sent !== "number" || !Number.isInteger(sent) || sent < 1)
    throw new ControlProblem(`${where}: must be a whole number from 1 on`);
  return sent;
}

function readMoment(sent: unknown, where: string, fallback: Moment): Moment {
  if (sent === undefined) return fallback;
  if (sent !== "before-effect" && sent !== "after-effect")
    throw new ControlProblem(`${where}.at: must be before-effect or after-effect`);
  return sent;
}

export function readGate(body: JsonObject): { operation: string; nth: number; at: Moment } {
  return {
    operation: readOperation(body.operation, "gates"),
    nth: readCount(body.nth, "gates.nth"),
    at: readMoment(body.at, "gates", "before-effect"),
  };
}

export function readEdit(body: JsonObject): Edit {
  if (!isJsonObject(body.when))
    throw new ControlProblem('edits.when: missing; send {"when": {"operation", "nth", "at"}, "mutate": {...}}');
  if (!isJsonObject(body.mutate)) throw new ControlProblem("edits.mutate: must be the body of a mutation");
  return {
    operation: readOperation(body.when.operation, "edits.when"),
    at: readMoment(body.when.at, "edits.when", "after-effect"),
    left: readCount(body.when.nth, "edits.when.nth"),
    mutate: body.mutate,
  };
}

export function readFault(body: JsonObject): Fault {
  const { status, headers, delayMs } = body;
  const isDrop = body.drop === true;
  if (!isDrop && (typeof status !== "number" || !Number.isInteger(status) || status < 200 || status > 599)) {
    throw new ControlProblem("faults.status: must be an HTTP status (or send drop: true)");
  }
  if (headers !== undefined && !isJsonObject(headers)) throw new ControlProblem("faults.headers: must be an object");
  if (delayMs !== undefined && (typeof delayMs !== "number" || !(delayMs >= 0)))
    throw new ControlProblem("faults.delayMs: must be a number");
  return {
    operation: readOperation(body.operation, "faults"),
    left: readCount(body.nth, "faults.nth"),
    times: readCount(body.times, "faults.times"),
    status: typeof status === "number" ? status : 0,
    afterEffect: body.afterEffect === true,
    body: body.body ?? { error: "InternalServerError", description: "Sorry, something went wrong on our end" },
    headers: Object.fromEntries(
      Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
    ),
    drop: isDrop,
    delayMs: typeof delayMs === "number" ? delayMs : 0,
  };
}

const longestWaitMs = 120_000;

export function readWaitMs(sent: string | undefined): number {
  if (sent === undefined) return 0;
  const waitMs = Number(sent);
  if (!(waitMs >= 0)) throw new ControlProblem("gates.waitMs: must be a number of milliseconds");
  return Math.min(waitMs, longestWaitMs);
}
