// The questions that the replica and intake ask: by id, page by page, counted, changed since.
import {
  type Entity,
  type GoneRecord,
  type JsonObject,
  type Realm,
  type RecordCopy,
  type RecordKey,
  RemoteFailure,
} from "../../domain/index.ts";
import type { RecordSource, SweepPosition } from "../../sync/replica/ports.ts";
import type { CompanyAnswer, CompanyCalls } from "./calls.ts";
import { failureFor, faultsIn } from "./failures.ts";
import { isObject } from "./json.ts";
import { countRows, idsPerQuery, isSingleton, pageSize, selectByIds, selectPage } from "./queries.ts";
import { type Copies, type CopyOptions, toCopies } from "./record-copies.ts";

/** Intuit recommends at most 30 items and answers at most 1,000 objects in all: ten queries of a hundred ids stay below both. */
const queriesPerBatch = 10;
/** A change poll answers at most this many objects over all its entities, and drops tombstones first. */
const changeCap = 1000;

export interface RecordSourceOptions {
  calls: CompanyCalls;
  homeCurrency: (realm: Realm) => Promise<string>;
  emailAddresses: (text: string) => string[];
}

export function createRecordSource(options: RecordSourceOptions): RecordSource {
  const { calls } = options;
  const copyOptions = async (realm: Realm): Promise<CopyOptions> => ({
    homeCurrency: await options.homeCurrency(realm),
    emailAddresses: options.emailAddresses,
  });
  const query = (realm: Realm, entity: Entity, statement: string) =>
    calls.ask(realm, { operation: `query ${entity}`, path: "query", query: { query: statement } });

  return {
    async readRecords(realm, keys) {
      const found: Found = { records: [], gone: [], readAt: undefined };
      const copying = await copyOptions(realm);
      const groups = groupIds(keys);
      const alone = groups.length === 1 && groups[0]?.ids.length === 1 && !isSingleton(groups[0].entity);
      if (!alone) {
        for (const answer of await askGroups(calls, realm, groups)) {
          note(found, await toCopies(answer.entity, answer.rows, copying), answer.time);
        }
      }
      const seen = new Set([...found.records, ...found.gone].map((record) => `${record.entity}:${record.id}`));
      // What a list does not show may be inactive in a way we do not know, or late: only a read by id makes it gone.
      for (const { entity, ids } of groups.filter(({ entity }) => !isSingleton(entity)))
        for (const id of ids.filter((id) => !seen.has(`${entity}:${id}`))) {
          const { row, time } = await readOne(calls, realm, { entity, id });
          const gone = { records: [], gone: [{ entity, id, at: time }], passedOver: [] };
          note(found, row === undefined ? gone : await toCopies(entity, [row], copying), time);
        }
      return { records: found.records, gone: found.gone, readAt: found.readAt ?? new Date(0).toISOString() };
    },

    async readPage(realm, entity, after) {
      const seen = new Set(after?.seenAtThatSecond);
      // Inside one second that holds a whole page only the offset can move on; everywhere else the page starts at the key itself.
      const startPosition = seen.size < pageSize ? 1 : seen.size + 1;
      const { body, time } = await query(realm, entity, selectPage(entity, after?.createdAt, startPosition));
      const rows = rowsOf(body["QueryResponse"], entity);
      const fresh = rows.filter((row) => typeof row["Id"] !== "string" || !seen.has(row["Id"]));
      const copies = await toCopies(entity, fresh, await copyOptions(realm));
      // A full page of known rows cannot move the position: the sweep ends here, and its count shows what is missing.
      const last = rows.length < pageSize || fresh.length === 0 || isSingleton(entity);
      return {
        records: copies.records,
        passedOver: copies.passedOver.length,
        readAt: time,
        next: last ? undefined : nextPosition(entity, rows, after),
      };
    },

    async countRecords(realm, entity) {
      if (isSingleton(entity)) return 1;
      const { body } = await query(realm, entity, countRows(entity));
      const answer = body["QueryResponse"];
      const count = isObject(answer) ? answer["totalCount"] : undefined;
      if (typeof count !== "number") throw malformed(`count ${entity}`);
      return count;
    },

    async readChanges(realm, entities, since) {
      const { body, time, requestId } = await calls.ask(realm, {
        operation: "cdc",
        path: "cdc",
        query: { entities: entities.join(","), changedSince: since },
      });
      const copying = await copyOptions(realm);
      const found: Found = { records: [], gone: [], readAt: time };
      let objects = 0;
      for (const block of changeBlocks(body)) {
        const faults = faultsIn(block);
        if (faults.length > 0) throw failureFor({ operation: "cdc", status: 200, faults, requestId });
        for (const entity of entities) {
          const rows = rowsOf(block, entity);
          objects += rows.length;
          note(found, await toCopies(entity, rows, copying), time);
        }
      }
      return { records: found.records, gone: found.gone, readAt: time, capped: objects >= changeCap };
    },
  };
}

interface Found {
  records: RecordCopy[];
  gone: GoneRecord[];
  /** The earliest time of the answers: what came later is only newer. */
  readAt: string | undefined;
}

/** A document that belongs to no party of ours (any more) is gone for us: QuickBooks' current copy of it says so. */
function note(found: Found, copies: Copies, time: string): void {
  found.records.push(...copies.records);
  found.gone.push(...copies.gone, ...copies.passedOver);
  if (found.readAt === undefined || Date.parse(time) < Date.parse(found.readAt)) found.readAt = time;
}

interface IdGroup {
  entity: Entity;
  ids: string[];
}

function groupIds(keys: readonly RecordKey[]): IdGroup[] {
  const byEntity = new Map<Entity, Set<string>>();
  for (const { entity, id } of keys) byEntity.set(entity, (byEntity.get(entity) ?? new Set()).add(id));
  return [...byEntity].flatMap(([entity, all]) => {
    const ids = [...all];
    if (isSingleton(entity)) return [{ entity, ids: ids.slice(0, 1) }];
    return Array.from({ length: Math.ceil(ids.length / idsPerQuery) }, (_, chunk) => ({
      entity,
      ids: ids.slice(chunk * idsPerQuery, (chunk + 1) * idsPerQuery),
    }));
  });
}

interface GroupAnswer {
  entity: Entity;
  rows: JsonObject[];
  time: string;
}

/** One group as a query, several as batches of queries. Items of a batch come back in any order, each with its own fault. */
async function askGroups(calls: CompanyCalls, realm: Realm, groups: readonly IdGroup[]): Promise<GroupAnswer[]> {
  const [only] = groups;
  if (only !== undefined && groups.length === 1) {
    const question = {
      operation: `query ${only.entity}`,
      path: "query",
      query: { query: selectByIds(only.entity, only.ids) },
    };
    const { body, time } = await calls.ask(realm, question);
    return [{ entity: only.entity, rows: rowsOf(body["QueryResponse"], only.entity), time }];
  }
  const answers: GroupAnswer[] = [];
  for (let start = 0; start < groups.length; start += queriesPerBatch) {
    const part = groups.slice(start, start + queriesPerBatch);
    const batch = part.map(({ entity, ids }, index) => ({ bId: String(index), Query: selectByIds(entity, ids) }));
    answers.push(...batchAnswers(part, await calls.ask(realm, { operation: "batch", path: "batch", batch })));
  }
  return answers;
}

function batchAnswers(groups: readonly IdGroup[], { body, time, requestId }: CompanyAnswer): GroupAnswer[] {
  const items = Array.isArray(body["BatchItemResponse"]) ? body["BatchItemResponse"] : [];
  return groups.map(({ entity }, index) => {
    const item = items.find((item) => isObject(item) && item["bId"] === String(index));
    const operation = `query ${entity}`;
    if (!isObject(item)) throw malformed(operation);
    const faults = faultsIn(item);
    if (faults.length > 0) throw failureFor({ operation, status: 200, faults, requestId });
    return { entity, rows: rowsOf(item["QueryResponse"], entity), time };
  });
}

async function readOne(
  calls: CompanyCalls,
  realm: Realm,
  { entity, id }: RecordKey,
): Promise<{ row: JsonObject | undefined; time: string }> {
  const path = `${entity.toLowerCase()}/${encodeURIComponent(id)}`;
  const { body, time, gone } = await calls.ask(realm, { operation: `read ${entity}`, path, mayBeGone: true });
  if (gone) return { row: undefined, time };
  const row = body[entity];
  if (!isObject(row)) throw malformed(`read ${entity}`);
  return { row, time };
}

function nextPosition(entity: Entity, rows: readonly JsonObject[], after: SweepPosition | undefined): SweepPosition {
  const createdAt = createTime(entity, rows.at(-1));
  const second = Date.parse(createdAt);
  const atThatSecond = rows
    .filter((row) => Date.parse(createTime(entity, row)) === second)
    .map((row) => row["Id"])
    .filter((id) => typeof id === "string");
  const stays = after !== undefined && Date.parse(after.createdAt) === second;
  return { createdAt, seenAtThatSecond: [...new Set([...(stays ? after.seenAtThatSecond : []), ...atThatSecond])] };
}

function createTime(entity: Entity, row: JsonObject | undefined): string {
  const times = row?.["MetaData"];
  const created = isObject(times) ? times["CreateTime"] : undefined;
  if (typeof created !== "string") throw malformed(`query ${entity}`);
  return created;
}

function changeBlocks(body: JsonObject): JsonObject[] {
  const responses = body["CDCResponse"];
  if (!Array.isArray(responses)) throw malformed("cdc");
  return responses.flatMap((response) => {
    if (!isObject(response)) return [];
    if (faultsIn(response).length > 0) return [response];
    const blocks = response["QueryResponse"];
    return Array.isArray(blocks) ? blocks.filter(isObject) : [];
  });
}

/** `{}` where nothing was found; entity names in the case that QuickBooks uses. */
function rowsOf(answer: unknown, entity: Entity): JsonObject[] {
  const rows = isObject(answer) ? answer[entity] : undefined;
  return Array.isArray(rows) ? rows.filter(isObject) : [];
}

function malformed(operation: string): RemoteFailure {
  return new RemoteFailure({
    system: "quickbooks",
    operation,
    code: "malformed-answer",
    action: "retry",
    says: "QuickBooks' answer has another form than its documentation gives.",
  });
}
