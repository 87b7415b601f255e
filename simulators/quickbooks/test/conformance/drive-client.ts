import { isRecord, type JsonRecord, textAt } from "../../src/json.ts";
import { changeOf, planOf, sampleOf } from "./method-plan.ts";

/** One call of a client's method: what it gave, or which HTTP status it failed with. */
export interface Outcome {
  readonly ok: boolean;
  readonly status: number | undefined;
  readonly value: unknown;
}

export type CallMethod = (method: string, args: unknown[]) => Promise<Outcome>;

export interface Driven {
  readonly byHand: string[];
  /** Methods that did not do what their name says, with what they gave. */
  readonly wrong: string[];
  readonly driven: number;
}

/**
 * Calls every method that is named after an entity or a report: those of built entities must work, all others must be
 * answered 501. What remains is the caller's to drive by hand.
 */
export async function driveMethods(methods: readonly string[], call: CallMethod, unwrap: Unwrap): Promise<Driven> {
  const byHand: string[] = [];
  const wrong: string[] = [];
  let driven = 0;
  for (const method of methods) {
    const plan = planOf(method);
    if (plan.kind === "by-hand") {
      byHand.push(method);
      continue;
    }
    driven += 1;
    const complaint = await driveOne(method, plan, call, unwrap);
    if (complaint !== undefined) wrong.push(`${method}: ${complaint}`);
  }
  return { byHand, wrong, driven };
}

/** How a client hands a record back: bare, or under the entity's name. */
export type Unwrap = (value: unknown, entity: string) => unknown;

type Plan = Exclude<ReturnType<typeof planOf>, { kind: "by-hand" }>;

async function driveOne(method: string, plan: Plan, call: CallMethod, unwrap: Unwrap): Promise<string | undefined> {
  if (plan.kind === "unbuilt") return refused(await call(method, ["1"]));
  if (plan.kind === "report") {
    const answer = await call(method, [{ report_date: "2026-11-22" }]);
    if (!plan.isBuilt) return refused(answer);
    return isRecord(answer.value) && isRecord(answer.value["Header"]) ? undefined : told(answer);
  }
  const { entity, isBuilt } = plan;
  if (!isBuilt) return refused(await call(method, unbuiltArguments(plan.kind, entity)));
  switch (plan.kind) {
    case "create":
      return hasId(await call(method, [sampleOf(entity, next())]), entity, unwrap);
    case "find":
      return lists(await call(method, [{ limit: 5 }]), entity);
    case "count":
      return counts(await call(method, [{}]));
    case "get":
      return hasId(await call(method, [idOf(await existing(entity, call, unwrap))]), entity, unwrap);
    case "update": {
      const { Id = "", SyncToken = "" } = await existing(entity, call, unwrap);
      return hasId(await call(method, [{ Id, SyncToken, sparse: true, ...changeOf(entity) }]), entity, unwrap);
    }
    case "delete": {
      const { Id = "", SyncToken = "" } = await existing(entity, call, unwrap);
      const answer = await call(method, [{ Id, SyncToken }]);
      return answer.ok && JSON.stringify(answer.value).includes('"Deleted"') ? undefined : told(answer);
    }
    case "void": {
      const { Id = "", SyncToken = "" } = await existing(entity, call, unwrap);
      const answer = await call(method, [{ Id, SyncToken }]);
      return answer.ok && JSON.stringify(answer.value).includes("Voided") ? undefined : told(answer);
    }
  }
}

let counter = 0;
function next(): number {
  counter += 1;
  return counter;
}

function unbuiltArguments(kind: string, entity: string): unknown[] {
  if (kind === "create") return [sampleOf(entity, 1)];
  if (kind === "find" || kind === "count") return [{ limit: 1 }];
  if (kind === "get") return entity === "ExchangeRate" ? [{ sourcecurrencycode: "EUR" }] : ["1"];
  return [{ Id: "1", SyncToken: "0" }];
}

/** A record of the entity to work on, made by the client itself. */
async function existing(entity: string, call: CallMethod, unwrap: Unwrap): Promise<JsonRecord> {
  const isSingle = entity === "CompanyInfo" || entity === "Preferences";
  const answer = isSingle
    ? await call(`get${entity}`, ["1"])
    : await call(`create${entity}`, [sampleOf(entity, next())]);
  const record = unwrap(answer.value, entity);
  if (!isRecord(record)) throw new Error(`no ${entity} to work on: ${told(answer)}`);
  return record;
}

function idOf(record: JsonRecord): string {
  return textAt(record, "Id") ?? "";
}

function refused(answer: Outcome): string | undefined {
  return answer.status === 501 ? undefined : `not answered 501 but ${told(answer)}`;
}

function hasId(answer: Outcome, entity: string, unwrap: Unwrap): string | undefined {
  const record = unwrap(answer.value, entity);
  return answer.ok && isRecord(record) && textAt(record, "Id") !== undefined ? undefined : told(answer);
}

function lists(answer: Outcome, entity: string): string | undefined {
  const response = isRecord(answer.value) ? answer.value["QueryResponse"] : undefined;
  const isList = isRecord(response) && (Array.isArray(response[entity]) || Object.keys(response).length === 0);
  return answer.ok && isList ? undefined : told(answer);
}

function counts(answer: Outcome): string | undefined {
  return answer.ok && JSON.stringify(answer.value).includes("totalCount") ? undefined : told(answer);
}

function told(answer: Outcome): string {
  return `${answer.status ?? ""} ${JSON.stringify(answer.value)?.slice(0, 300) ?? ""}`;
}
