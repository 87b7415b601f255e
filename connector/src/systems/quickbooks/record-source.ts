// The questions that the replica and intake ask: by id, page by page, counted, changed since.
import {
  type Entity,
  type GoneRecord,
  type JsonObject,
  type Realm,
  type RecordCopy,
  type RecordKey,
  RemoteFailure,
  type UnreadableRecord,
} from "../../domain/index.ts";
import type { RecordSource, SweepPosition } from "../../sync/replica/ports.ts";
import type { CompanyAnswer, CompanyCalls } from "./calls.ts";
import { failureFor, faultsIn } from "./failures.ts";
import { isObject } from "./json.ts";
import { countRows, idsPerQuery, isSingleton, type OrderTime, pageSize, selectByIds, selectPage } from "./queries.ts";
import { type Copies, type CopyOptions, toCopies } from "./record-copies.ts";
import { type AskRows, damagedIn, isDamaged, readSlice } from "./slices.ts";

/** Intuit recommends at most 30 items and answers at most 1,000 objects in all: ten queries of a hundred ids stay below both. */
const queriesPerBatch = 10;
/** So few queries go one by one rather than wait for the turn of a batch: batches have a limit of their own. */
const queriesAlone = 3;
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

  async function countRecords(realm: Realm, entity: Entity): Promise<{ count: number; time: string }> {
    const { body, time } = await query(realm, entity, countRows(entity));
    const answer = body["QueryResponse"];
    const count = isObject(answer) ? answer["totalCount"] : undefined;
    if (typeof count !== "number") throw malformed(`count ${entity}`);
    return { count, time };
  }

  async function readPage(realm: Realm, entity: Entity, time: OrderTime, after: SweepPosition | undefined) {
    const seen = new Set(after?.seenAtThatSecond);
    // Inside one second that holds a whole page only the offset can move on; everywhere else the page starts at the key itself.
    const startPosition = seen.size < pageSize ? 1 : seen.size + 1;
    const most = isSingleton(entity) ? 1 : pageSize;
    const ask: AskRows = async (start, size) => {
      const statement = selectPage(entity, { time, from: after?.createdAt }, { startPosition: start, most: size });
      const answer = await query(realm, entity, statement);
      return { rows: rowsOf(answer.body["QueryResponse"], entity), time: answer.time };
    };
    const { entries, time: answeredAt } = await readSlice(ask, startPosition, most);
    const rows = entries.filter((entry) => entry !== undefined);
    const fresh = rows.filter((row) => typeof row["Id"] !== "string" || !seen.has(row["Id"]));
    const copies = await toCopies(entity, fresh, await copyOptions(realm));
    const next = nextPosition(rows, time, after);
    // A full page that does not move the position on ends the sweep, and its count shows what is missing.
    const last = entries.length < pageSize || isSingleton(entity) || next === undefined;
    // Damaged ones behind the last good row stand on the next page again.
    const whole = last ? entries : entries.slice(0, entries.lastIndexOf(rows.at(-1)) + 1);
    const unreadable = [...copies.unreadable, ...damagedIn(entity, whole)];
    return {
      records: copies.records,
      unreadable,
      passedOver: copies.passedOver.length + unreadable.length,
      readAt: answeredAt ?? (await countRecords(realm, entity)).time,
      next: last ? undefined : next,
    };
  }

  return {
    freeInMs: (realm) => calls.freeInMs(realm, "plain"),

    async readRecords(realm, keys) {
      const found: Found = { records: [], gone: [], unreadable: [], readAt: undefined };
      const copying = await copyOptions(realm);
      const groups = groupIds(keys);
      const alone = groups.length === 1 && groups[0]?.ids.length === 1 && !isSingleton(groups[0].entity);
      if (!alone) {
        for (const answer of await askGroups(calls, realm, groups)) {
          if (answer.kind === "damaged") found.unreadable.push(damagedRecord({ entity: answer.entity, id: undefined }));
          else note(found, await toCopies(answer.entity, answer.rows, copying), answer.time);
        }
      }
      const seen = new Set(
        [...found.records, ...found.gone, ...found.unreadable].map(({ entity, id }) => `${entity}:${id}`),
      );
      // What a list does not show may be inactive in a way we do not know, late, or damaged: only a read by id makes it gone.
      for (const { entity, ids } of groups.filter(({ entity }) => !isSingleton(entity)))
        for (const id of ids.filter((id) => !seen.has(`${entity}:${id}`))) {
          const answer = await readOne(calls, realm, { entity, id });
          if (answer === undefined) {
            found.unreadable.push(damagedRecord({ entity, id }));
            continue;
          }
          const { row, time } = answer;
          const gone: Copies = { records: [], gone: [{ entity, id, at: time }], passedOver: [], unreadable: [] };
          note(found, row === undefined ? gone : await toCopies(entity, [row], copying), time);
        }
      return { ...found, readAt: found.readAt ?? new Date(0).toISOString() };
    },

    readPage: (realm, entity, after) => readPage(realm, entity, "CreateTime", after),
    readChangedPage: (realm, entity, after) => readPage(realm, entity, "LastUpdatedTime", after),

    async countRecords(realm, entity) {
      return isSingleton(entity) ? 1 : (await countRecords(realm, entity)).count;
    },

    async readChanges(realm, entities, since) {
      const answer = await calls
        .ask(realm, {
          operation: "cdc",
          path: "cdc",
          query: { entities: entities.join(","), changedSince: since },
        })
        .catch(damagedAnswer);
      if (answer === undefined) return spoilt;
      const { body, time, requestId } = answer;
      const copying = await copyOptions(realm);
      const found: Found = { records: [], gone: [], unreadable: [], readAt: time };
      const passedOver: GoneRecord[] = [];
      let objects = 0;
      for (const block of changeBlocks(body)) {
        const faults = faultsIn(block);
        if (faults.length > 0) {
          const failure = failureFor({ operation: "cdc", status: 200, faults, requestId });
          if (isDamaged(failure)) return spoilt;
          throw failure;
        }
        for (const entity of entities) {
          const rows = rowsOf(block, entity);
          objects += rows.length;
          const { passedOver: over, ...copies } = await toCopies(entity, rows, copying);
          note(found, { ...copies, passedOver: [] }, time);
          passedOver.push(...over);
        }
      }
      return { ...found, passedOver, readAt: time, capped: objects >= changeCap };
    },
  };
}

/** One damaged record spoils the whole answer: as with one at the cap, nothing of it holds. */
const spoilt = { records: [], gone: [], passedOver: [], readAt: new Date(0).toISOString(), capped: true };

function damagedAnswer(fault: unknown): undefined {
  if (!isDamaged(fault)) throw fault;
}

interface Found {
  records: RecordCopy[];
  gone: GoneRecord[];
  unreadable: UnreadableRecord[];
  /** The earliest time of the answers: what came later is only newer. */
  readAt: string | undefined;
}

/** A document that belongs to no party of ours (any more) is gone for us: QuickBooks' current copy of it says so. */
function note(found: Found, copies: Copies, time: string): void {
  found.records.push(...copies.records);
  found.gone.push(...copies.gone, ...copies.passedOver);
  found.unreadable.push(...copies.unreadable);
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

type GroupAnswer = { entity: Entity; ids: string[] } & (
  | { kind: "rows"; rows: JsonObject[]; time: string }
  /** One of its records spoils it. */
  | { kind: "damaged" }
);

/** Spoilt groups are asked again in halves; ids that spoil their group alone are left out, to be read by id. */
async function askGroups(calls: CompanyCalls, realm: Realm, groups: readonly IdGroup[]): Promise<GroupAnswer[]> {
  const answers: GroupAnswer[] = [];
  const waiting = [...groups];
  while (waiting.length > 0) {
    for (const answer of await askTogether(calls, realm, waiting.splice(0, queriesPerBatch))) {
      const { kind, entity, ids } = answer;
      if (kind === "rows" || isSingleton(entity)) answers.push(answer);
      else if (ids.length > 1) {
        const half = Math.ceil(ids.length / 2);
        waiting.push({ entity, ids: ids.slice(0, half) }, { entity, ids: ids.slice(half) });
      }
    }
  }
  return answers;
}

/** One group as a query, several as a batch of queries. Items of a batch come back in any order, each with its own fault. */
async function askTogether(calls: CompanyCalls, realm: Realm, groups: readonly IdGroup[]): Promise<GroupAnswer[]> {
  if (groups.length === 1 || (groups.length <= queriesAlone && calls.freeInMs(realm, "batch") > 0))
    return Promise.all(groups.map((group) => askAlone(calls, realm, group)));
  const batch = groups.map(({ entity, ids }, index) => ({ bId: String(index), Query: selectByIds(entity, ids) }));
  return batchAnswers(groups, await calls.ask(realm, { operation: "batch", path: "batch", batch }));
}

async function askAlone(calls: CompanyCalls, realm: Realm, group: IdGroup): Promise<GroupAnswer> {
  const { entity, ids } = group;
  const question = { operation: `query ${entity}`, path: "query", query: { query: selectByIds(entity, ids) } };
  const answer = await calls.ask(realm, question).catch(damagedAnswer);
  if (answer === undefined) return { ...group, kind: "damaged" };
  return { ...group, kind: "rows", rows: rowsOf(answer.body["QueryResponse"], entity), time: answer.time };
}

function batchAnswers(groups: readonly IdGroup[], { body, time, requestId }: CompanyAnswer): GroupAnswer[] {
  const items = Array.isArray(body["BatchItemResponse"]) ? body["BatchItemResponse"] : [];
  return groups.map((group, index): GroupAnswer => {
    const item = items.find((item) => isObject(item) && item["bId"] === String(index));
    const operation = `query ${group.entity}`;
    if (!isObject(item)) throw malformed(operation);
    const faults = faultsIn(item);
    if (faults.length > 0) {
      const failure = failureFor({ operation, status: 200, faults, requestId });
      if (isDamaged(failure)) return { ...group, kind: "damaged" };
      throw failure;
    }
    return { ...group, kind: "rows", rows: rowsOf(item["QueryResponse"], group.entity), time };
  });
}

/** Undefined: damaged, so that QuickBooks cannot hand it out. */
async function readOne(
  calls: CompanyCalls,
  realm: Realm,
  { entity, id }: RecordKey,
): Promise<{ row: JsonObject | undefined; time: string } | undefined> {
  const path = `${entity.toLowerCase()}/${encodeURIComponent(id)}`;
  const answer = await calls.ask(realm, { operation: `read ${entity}`, path, mayBeGone: true }).catch(damagedAnswer);
  if (answer === undefined) return undefined;
  const { body, time, gone } = answer;
  if (gone) return { row: undefined, time };
  const row = body[entity];
  if (!isObject(row)) throw malformed(`read ${entity}`);
  return { row, time };
}

function damagedRecord({ entity, id }: { entity: Entity; id: string | undefined }): UnreadableRecord {
  return {
    entity,
    id,
    which: id === undefined ? `the company's ${entity}` : `${entity} ${id}`,
    because: { kind: "damaged" },
  };
}

/** Undefined where these rows do not lead past `after`. A row without a time that can be read is unreadable, and counts for nothing. */
function nextPosition(
  rows: readonly JsonObject[],
  time: OrderTime,
  after: SweepPosition | undefined,
): SweepPosition | undefined {
  const placed = rows.flatMap((row) => {
    const at = timeIn(row, time);
    return at === undefined ? [] : [{ id: row["Id"], at }];
  });
  const last = placed.at(-1);
  if (last === undefined) return undefined;
  const second = Date.parse(last.at);
  const atThatSecond = placed
    .filter(({ at }) => Date.parse(at) === second)
    .map(({ id }) => id)
    .filter((id) => typeof id === "string");
  const stays = after !== undefined && Date.parse(after.createdAt) === second;
  const known = stays ? after.seenAtThatSecond : [];
  const seenAtThatSecond = [...new Set([...known, ...atThatSecond])];
  return stays && seenAtThatSecond.length === known.length ? undefined : { createdAt: last.at, seenAtThatSecond };
}

function timeIn(row: JsonObject, time: OrderTime): string | undefined {
  const times = row["MetaData"];
  const found = isObject(times) ? times[time] : undefined;
  return typeof found === "string" && !Number.isNaN(Date.parse(found)) ? found : undefined;
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
