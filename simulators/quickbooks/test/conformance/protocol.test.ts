import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudEvent, HTTP } from "cloudevents";
import { describe, expect, it } from "vitest";
import { isRecord, type JsonRecord } from "../../src/json.ts";
import { signatureOf } from "../../src/webhooks/signature.ts";
import { smallCompany } from "../company.ts";
import { connected, idOf, text } from "../connected.ts";
import { receiver, until } from "../receiver.ts";
import { fixtureJson, fixtureText, hasFixtures, schemaFolder, skipMessage } from "./fixtures.ts";
import { shapeDifferences, shapeOf } from "./shape.ts";
import { readXml } from "./xml.ts";
import { orderFaults, readSequences } from "./xsd.ts";

describe(`gateway answers quoted by others${skipMessage}`, () => {
  const quoted = (name: string): JsonRecord => {
    const found = fixtureJson("quoted-real-responses/errors.json")[name];
    if (!isRecord(found)) throw new Error(`${name} is not quoted`);
    return found;
  };

  it.skipIf(!hasFixtures)("have the shape of the recorded 401 and 403", async () => {
    const simulator = await connected({ company: smallCompany(), companies: { "77": {} } });
    const authorization = { authorization: "Bearer nobody", accept: "application/json" };
    const unknown = await simulator.api("customer/1", { headers: authorization });
    const recorded = quoted("qbo-401-json")["body"] ?? {};
    expect(shapeDifferences(shapeOf(unknown.json), shapeOf(recorded))).toEqual([]);
    const foreign = await simulator.api("../77/customer/1");
    expect(foreign.json["fault"]).toEqual((quoted("qbo-403-json")["body"] as JsonRecord)["fault"]);
  });

  it.skipIf(!hasFixtures)("write the 429 and a deleted payment as XML like the recorded ones", async () => {
    const simulator = await connected({ company: smallCompany(), switches: { gatewayFormat: "xml" } });
    await simulator.control("limits", { perRealmAndAppPerSecond: 1 });
    await simulator.query("select * from Item");
    const refused = await simulator.query("select * from Item");
    const recorded = readXml(text(quoted("qbo-429-xml"), "body"));
    const timeless = (value: JsonRecord) =>
      JSON.stringify(value, (key, inner: unknown) => (key === "time" ? undefined : inner));
    expect(timeless(readXml(refused.text))).toBe(timeless(recorded));
    await simulator.control("limits", { name: "unlimited" });
    const paid = await simulator.mutate({
      entity: "Payment",
      operation: "create",
      record: { CustomerRef: { value: "4" }, TotalAmt: 5 },
    });
    await simulator.mutate({ entity: "Payment", operation: "delete", id: idOf(paid) });
    const since = encodeURIComponent(new Date(Date.now() - 60_000).toISOString());
    const changes = await simulator.api(`cdc?entities=Payment&changedSince=${since}`, {
      headers: { accept: "application/xml" },
    });
    const shown = readXml(text(quoted("qbo-cdc-deleted-2021"), "body"));
    // The live answer also says startPosition, as other recorded change sets do (quickbooks-ruby change_data_capture_response.xml).
    expect(shapeDifferences(shapeOf(readXml(changes.text)), shapeOf(shown))).toEqual([
      "invented IntuitResponse.CDCResponse.QueryResponse.startPosition",
    ]);
  });

  it.skipIf(!hasFixtures)("give tokens and discovery the shape of Intuit's own mocks", async () => {
    const simulator = await connected({ company: smallCompany() });
    const discovery = await fetch(`${simulator.url}/.well-known/openid_sandbox_configuration`);
    const ours = (await discovery.json()) as JsonRecord;
    expect(shapeDifferences(shapeOf(ours), shapeOf(fixtureJson("qbo-oauth/dotnet-discovery.json")))).toEqual([]);
    const refused = await simulator.token({ grant_type: "refresh_token", refresh_token: "nobody" });
    const mock = fixtureJson("qbo-oauth/jsclient-errorResponse.json");
    expect(refused.json).toEqual(mock["json"]);
  });
});

describe(`webhooks against published vectors${skipMessage}`, () => {
  it.skipIf(!hasFixtures)("sign as Intuit's Java SDK verifies", () => {
    const vectors: unknown = JSON.parse(fixtureText("webhook-vectors/intuit-legacy-java.json"));
    for (const vector of Array.isArray(vectors) ? vectors : []) {
      const { verifierToken, body, signature } = vector as { verifierToken: string; body: string; signature: string };
      expect(signatureOf(verifierToken, body)).toBe(signature);
    }
  });

  it.skipIf(!hasFixtures)(
    "have the attributes of the vendor's CloudEvents sample, and its delivery headers",
    async () => {
      const inbox = await receiver();
      const simulator = await connected({ company: smallCompany(), webhook: { url: inbox.url, verifier: "v" } });
      await simulator.control("webhooks", {
        url: inbox.url,
        verifier: "v",
        eventId: "uuid",
        timeDigits: 9,
        data: "absent",
      });
      await simulator.mutate({ entity: "Customer", operation: "merge", id: "3", into: "4" });
      const [delivery] = await inbox.arrived(1);
      const [ours] = JSON.parse(delivery?.body ?? "") as JsonRecord[];
      const sample = text(fixtureJson("webhook-vectors/intuit-cloudevents-dotnet.json"), "body");
      const [theirs] = JSON.parse(sample) as JsonRecord[];
      const keys = (event: JsonRecord | undefined) =>
        Object.keys(event ?? {}).filter((key) => key !== "data" && key !== "datacontenttype");
      expect(keys(ours).sort((a, b) => (a < b ? -1 : 1))).toEqual(keys(theirs).sort((a, b) => (a < b ? -1 : 1)));
      const headers = fixtureJson("webhook-vectors/intuit-delivery-headers-doc.json")["docHeaderSample"];
      expect(
        Object.keys(isRecord(headers) ? headers : {}).filter((name) => delivery?.headers[name] === undefined),
      ).toEqual([]);
    },
  );
});

describe("webhooks against the cloudevents package", () => {
  it("are valid CloudEvents, one by one and as the batch that they come in", async () => {
    const inbox = await receiver();
    const simulator = await connected({ company: smallCompany(), webhook: { url: inbox.url, verifier: "v" } });
    const { url } = inbox;
    for (const form of [{}, { data: "absent" }, { timeDigits: 9, eventId: "uuid" }]) {
      await simulator.control("webhooks", { url, verifier: "v", ...form });
      await simulator.mutate({
        entity: "Invoice",
        operation: "create",
        record: { CustomerRef: { value: "4" }, TotalAmt: 5 },
      });
    }
    await until(async () => inbox.received.length === 3);
    for (const { body } of inbox.received) {
      const headers = { "content-type": "application/cloudevents-batch+json" };
      const batch = HTTP.toEvent({ headers, body });
      expect(Array.isArray(batch) ? batch.length : 0).toBe(1);
      for (const event of JSON.parse(body) as Record<string, unknown>[]) {
        expect(new CloudEvent(event).validate()).toBe(true);
      }
    }
  });
});

describe(`XML against Intuit's XSD${skipMessage}`, () => {
  const everything = async () => {
    const simulator = await connected({
      company: hasFixtures ? fixtureJson("recorded-company/company.json") : {},
    });
    const party = { CustomerRef: { value: "8" }, TotalAmt: 5 };
    await simulator.mutate({ entity: "Invoice", operation: "create", record: party });
    await simulator.mutate({ entity: "Payment", operation: "create", record: party });
    await simulator.mutate({
      entity: "Bill",
      operation: "create",
      record: { VendorRef: { value: "30" }, TotalAmt: 5 },
    });
    const xml = { headers: { accept: "application/xml" } };
    const answers: string[] = [];
    for (const entity of [
      "Customer",
      "Vendor",
      "Invoice",
      "Payment",
      "Bill",
      "Item",
      "Account",
      "Term",
      "CompanyInfo",
      "Preferences",
    ]) {
      answers.push((await simulator.api(`query?query=${encodeURIComponent(`select * from ${entity}`)}`, xml)).text);
    }
    answers.push((await simulator.api("customer/999", xml)).text);
    const since = encodeURIComponent(new Date(Date.now() - 60_000).toISOString());
    answers.push((await simulator.api(`cdc?entities=Customer,Invoice,Vendor&changedSince=${since}`, xml)).text);
    return answers;
  };

  it.skipIf(!hasFixtures)("stands in the order that the schema's sequences ask for", async () => {
    const files = readdirSync(schemaFolder).filter((file) => file.endsWith(".xsd"));
    const sequences = readSequences(files.map((file) => readFileSync(join(schemaFolder, file), "utf8")));
    const wrong = "<IntuitResponse><Customer><DisplayName>a</DisplayName><Id>1</Id></Customer></IntuitResponse>";
    expect(orderFaults(wrong, sequences)).toEqual(["Customer: Id comes too late"]);
    for (const answer of await everything()) expect(orderFaults(answer, sequences)).toEqual([]);
  });

  const xmllint = process.env["XMLLINT"] ?? "xmllint";
  const hasXmllint = spawnSync(xmllint, ["--version"]).error === undefined;
  it.skipIf(!hasFixtures || !hasXmllint)("validates with xmllint (skipped where that is not installed)", async () => {
    const folder = await mkdtemp(join(tmpdir(), "quickbooks-xml-"));
    try {
      for (const [place, answer] of (await everything()).entries()) {
        const file = join(folder, `${place}.xml`);
        writeFileSync(file, answer);
        const { status, stderr } = spawnSync(
          xmllint,
          ["--noout", "--schema", join(schemaFolder, "IntuitRestServiceDef.xsd"), file],
          { encoding: "utf8" },
        );
        expect(status, stderr).toBe(0);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
