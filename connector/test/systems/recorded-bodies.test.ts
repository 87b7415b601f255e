import { describe, expect, it } from "vitest";
import { type Entity, type JsonObject, parseOrganizationId } from "../../src/domain/index.ts";
import { canonical, defaultFields, readNotes, toWire, withBlock } from "../../src/rules/mapping/index.ts";
import { failureFor, faultsOf } from "../../src/systems/quickbooks/failures.ts";
import { parseNotification } from "../../src/systems/quickbooks/notification.ts";
import { toCopies } from "../../src/systems/quickbooks/record-copies.ts";
import { verifyIntuitSignature } from "../../src/systems/quickbooks/signature.ts";
import { toJobState } from "../../src/systems/zendesk/job-results.ts";
import { readLimitHeaders } from "../../src/systems/zendesk/limits.ts";
import { toOrganization } from "../../src/systems/zendesk/organizations.ts";
import { type Exchange, recording } from "./recordings.ts";

type Quoted = Record<string, { status: number; body: unknown }>;
const quoted = recording("quoted-real-responses/errors.json") as Quoted | undefined;
const company = recording("recorded-company/company.json") as Record<string, JsonObject[]> | undefined;
const created = recording("zendesk-nock-node-zendesk/organizations_many_test_create_multiple.json") as
  | Exchange[]
  | undefined;
const updated = recording("zendesk-nock-node-zendesk/organizations_many_test_update_multiple.json") as
  | Exchange[]
  | undefined;
const listed = recording("zendesk-nock-node-zendesk/organizations_test_list_all.json") as Exchange[] | undefined;
type Vector = { verifierToken: string; signature: string; body: string };
const legacy = recording("webhook-vectors/intuit-legacy-java.json") as Vector[] | undefined;
const cloudEvents = recording("webhook-vectors/intuit-cloudevents-dotnet.json") as { body: string } | undefined;
const wire = { fields: defaultFields, canonical, toWire, readNotes, withBlock };

const jobOf = (exchange: Exchange) => (exchange.response as { job_status?: JsonObject }).job_status;
const submitted = (exchanges: Exchange[]) =>
  exchanges[0]?.request?.["organizations"] as { id?: number; name?: string }[];

describe("what others recorded", () => {
  it.skipIf(!quoted).each([
    ["qbo-401-json", "3200", "reauthorize"],
    ["qbo-403-json", "3100", "reauthorize"],
    ["qbo-429-xml", "3001", "wait"],
  ])("is understood: %s", (name, code, action) => {
    const { status, body } = quoted?.[name] ?? { status: 0, body: "" };
    const faults = faultsOf(typeof body === "string" ? body : JSON.stringify(body));
    expect(failureFor({ operation: "query", status, faults })).toMatchObject({ code, action });
  });

  it.skipIf(!company)("of a whole company becomes our words, record by record", async () => {
    const options = { homeCurrency: "USD", emailAddresses: (text: string) => [text.toLowerCase()] };
    for (const entity of ["Customer", "Vendor", "Account", "Item"] satisfies Entity[]) {
      const rows = company?.[entity] ?? [];
      const { records, gone, passedOver } = await toCopies(entity, rows, options);
      expect(records.map(({ id }) => id)).toEqual(rows.map((row) => row["Id"]));
      expect([...gone, ...passedOver]).toEqual([]);
      expect(records.every((record) => record.kind !== "party" || record.party.currency === "USD")).toBe(true);
    }
  });

  it.skipIf(!created || !updated)("of bulk jobs names each organization that was submitted", () => {
    for (const exchanges of [created ?? [], updated ?? []]) {
      const items = submitted(exchanges).map(({ id, name }) => ({
        ...(id === undefined ? {} : { id: parseOrganizationId(id) }),
        ...(name === undefined ? {} : { name }),
      }));
      const states = exchanges.flatMap((exchange) => {
        const job = jobOf(exchange);
        return job === undefined ? [] : [toJobState(job, items)];
      });
      expect(states[0]?.state).toBe("queued");
      const last = states.at(-1);
      expect(last?.state === "ended" && last.results.every(({ kind }) => kind === "done")).toBe(true);
      expect(last?.state === "ended" && last.results.length).toBe(items.length);
    }
  });

  it.skipIf(!listed)("of an account's organizations is read, limits included", () => {
    const [page] = listed ?? [];
    const { organizations } = (page?.response ?? { organizations: [] }) as { organizations: unknown[] };
    expect(organizations.length).toBeGreaterThan(0);
    expect(organizations.every((organization) => toOrganization(organization, wire) !== undefined)).toBe(true);
    expect(readLimitHeaders(page?.headers ?? {}).account).toMatchObject({ total: 700 });
  });

  it.skipIf(!legacy || !cloudEvents)("of webhooks verifies and is read", () => {
    for (const { verifierToken, signature, body } of legacy ?? []) {
      expect(verifyIntuitSignature(Buffer.from(body), signature, [verifierToken])).toBe(verifierToken);
      expect(parseNotification(Buffer.from(body))).toMatchObject({ kind: "changes", unknown: 0 });
    }
    // An event about a class, which nothing of ours depends on.
    expect(parseNotification(Buffer.from(cloudEvents?.body ?? ""))).toMatchObject({ kind: "changes", unknown: 1 });
  });
});
