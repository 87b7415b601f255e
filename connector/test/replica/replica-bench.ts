// The replica over a real database, with answers of QuickBooks that are given by hand, a minute apart.
import { sql } from "kysely";
import { afterAll, beforeEach } from "vitest";
import {
  type Cause,
  type ConnectionId,
  type GoneRecord,
  parsePartyKey,
  parseRecordKey,
  parseSubdomain,
  partyKeyText,
  priorities,
  type RecordCopy,
} from "../../src/domain/index.ts";
import { createIncidentStore } from "../../src/store/incident-store.ts";
import { createMarkStore } from "../../src/store/mark-store.ts";
import { createReplicaStore } from "../../src/store/replica-store.ts";
import { type ApplyRequest, applyRecords } from "../../src/sync/replica/index.ts";
import { testDatabase } from "../harness/index.ts";
import { makeConnection } from "./make-connection.ts";

const cause: Cause = { kind: "poll", at: "2026-02-01T00:00:00Z" };
const tables = ["mark", "document", "party", "party_address", "reference_record", "disposition", "incident"];

/** Call at the top of a test file: it hooks itself into the file's tests, and empties the tables before each. */
export async function replicaBench() {
  const store = await testDatabase();
  afterAll(() => store.close());
  const { database } = store;
  const replica = createReplicaStore(database);
  const marks = createMarkStore(database);
  const incidents = createIncidentStore(database);
  const fence = { subdomain: parseSubdomain("acme"), epoch: 1 };
  const bench = { connectionId: undefined as unknown as ConnectionId }; // set before each test
  beforeEach(async () => {
    for (const table of tables) await sql`delete from ${sql.table(table)}`.execute(database);
    bench.connectionId = (await makeConnection(database, { epoch: 1 })).connectionId;
  });

  let clock = Date.parse("2026-02-01T00:00:00Z");
  /** The time of QuickBooks' next answer. */
  const nextAnswer = (): string => {
    clock += 60_000;
    return new Date(clock).toISOString();
  };
  const apply = (records: RecordCopy[], more: Partial<ApplyRequest> & { readAt?: string } = {}) =>
    applyRecords(
      { replica, incidents },
      {
        connectionId: bench.connectionId,
        answer: { records, readAt: more.readAt ?? nextAnswer() },
        cause,
        priority: priorities.background,
        ripples: "all",
        ...more,
      },
    );

  return {
    database,
    replica,
    marks,
    incidents,
    fence,
    of: bench,
    nextAnswer,
    apply,
    /** As a first load leaves it: rows without marks. */
    load: (records: RecordCopy[]) => apply(records, { ripples: "none" }),
    gone: (key: string, at = nextAnswer()): GoneRecord => ({ ...parseRecordKey(key), at }),
    async marked(): Promise<string[]> {
      const rows = await database.selectFrom("mark").select("key").orderBy("key").execute();
      return rows.map(({ key }) => key);
    },
    /** Record marks as a webhook leaves them, claimed. */
    async claimed(...keys: string[]) {
      await marks.mark(
        keys.map((key) => ({
          connectionId: bench.connectionId,
          kind: "record",
          key,
          priority: priorities.live,
          causes: [{ kind: "webhook", eventId: "e1", type: "qbo.payment.created.v1", at: "2026-02-01T00:00:00Z" }],
        })),
      );
      return marks.claim(
        {
          connectionIds: [bench.connectionId],
          kind: "record",
          priorities: { from: priorities.bulk, to: priorities.urgent },
          limit: 10,
          excluding: [],
        },
        fence,
      );
    },
    async balanceOf(id: string): Promise<string | undefined> {
      const documents = await replica.documentsOf(bench.connectionId, [parsePartyKey("customer:1")]);
      return documents.find((found) => found.id === id)?.balance.toFixed();
    },
    /** The top, then the ids of all members. */
    async familyOf(key: string): Promise<string[] | undefined> {
      const [family] = await replica.familiesOf({ id: bench.connectionId }, [parsePartyKey(key)]);
      return family && [partyKeyText(family.top), ...family.members.map((member) => member.party.id)];
    },
  };
}
