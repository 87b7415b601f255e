import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startWithClient, type TestClient } from "./client.ts";

let zendesk: TestClient;
beforeEach(async () => {
  zendesk = await startWithClient();
});
afterEach(() => zendesk.close());

const createField = (organization_field: object) =>
  zendesk.call("POST", "/api/v2/organization_fields", { organization_field });
const createOrganization = (organization: object) => zendesk.call("POST", "/api/v2/organizations", { organization });
const options = [
  { name: "Overdue", value: "qbo_overdue" },
  { name: "Paid", value: "qbo_paid" },
];

describe("organization fields", () => {
  it("answer with the recorded keys, options only on drop-downs", async () => {
    const made = await createField({ type: "text", title: "Age", key: "age" });
    expect(made.status).toBe(201);
    const { id } = made.body.organization_field;
    expect(made.body.organization_field).toEqual({
      url: `${zendesk.url}/api/v2/organization_fields/${id}.json`,
      id,
      type: "text",
      key: "age",
      title: "Age",
      description: "Age",
      raw_title: "Age",
      raw_description: "Age",
      position: 9999,
      active: true,
      system: false,
      regexp_for_validation: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    const choice = await createField({
      type: "dropdown",
      title: "Status",
      key: "status",
      custom_field_options: options,
    });
    expect(choice.body.organization_field.custom_field_options[0]).toEqual({
      id: expect.any(Number),
      name: "Overdue",
      raw_name: "Overdue",
      value: "qbo_overdue",
    });
  });

  it("never take a key twice, not even after the field is gone", async () => {
    const { organization_field } = (await createField({ type: "text", title: "Age", key: "age" })).body;
    const twice = await createField({ type: "text", title: "Age", key: "age" });
    expect([twice.status, twice.body.details.key[0].error]).toEqual([422, "DuplicateValue"]);
    expect((await zendesk.call("DELETE", `/api/v2/organization_fields/${organization_field.id}`)).status).toBe(204);
    expect((await createField({ type: "integer", title: "Age", key: "age" })).body.details.key[0].error).toBe(
      "DuplicateValue",
    );
    expect((await createField({ type: "text", title: "T", key: "12" })).body.details.key[0].error).toBe(
      "InvalidFormat",
    );
    expect((await createField({ type: "currency", title: "T", key: "money" })).body.details.type[0].error).toBe(
      "InvalidValue",
    );
  });

  it("are reordered as listed and read by position", async () => {
    const a = (await createField({ type: "text", title: "A", key: "a" })).body.organization_field.id;
    const b = (await createField({ type: "text", title: "B", key: "b" })).body.organization_field.id;
    expect(
      (await zendesk.call("PUT", "/api/v2/organization_fields/reorder", { organization_field_ids: [b, a] })).status,
    ).toBe(200);
    const list = (await zendesk.get("/api/v2/organization_fields")).body.organization_fields;
    expect(list.map((field: { key: string }) => field.key)).toEqual(["b", "a"]);
    const { organization } = (await createOrganization({ name: "Acme" })).body;
    expect(Object.entries(organization.organization_fields)).toEqual([
      ["b", null],
      ["a", null],
    ]);
  });

  it("replace all options, and clear the removed ones from every organization with their tags", async () => {
    const { organization_field } = (
      await createField({ type: "dropdown", title: "Status", key: "status", custom_field_options: options })
    ).body;
    const { organization } = (
      await createOrganization({ name: "Acme", tags: ["vip"], organization_fields: { status: "qbo_paid" } })
    ).body;
    expect(organization.tags).toEqual(["vip", "qbo_paid"]);
    const kept = organization_field.custom_field_options[0];
    const changed = await zendesk.call("PUT", `/api/v2/organization_fields/${organization_field.id}`, {
      organization_field: {
        type: "text",
        key: "other",
        custom_field_options: [
          { ...kept, name: "Late" },
          { id: null, name: "New", value: "qbo_new" },
        ],
      },
    });
    expect(changed.body.organization_field).toMatchObject({ type: "dropdown", key: "status" });
    expect(
      changed.body.organization_field.custom_field_options.map((one: { id: number; name: string }) => [
        one.id === kept.id,
        one.name,
      ]),
    ).toEqual([
      [true, "Late"],
      [false, "New"],
    ]);
    const after = (await zendesk.get(`/api/v2/organizations/${organization.id}`)).body.organization;
    expect([after.organization_fields.status, after.tags]).toEqual([null, ["vip"]]);
  });
});

describe("values of organization fields", () => {
  it("follow the rules of their type, and read back in its form", async () => {
    for (const [key, type] of Object.entries({
      text: "text",
      area: "textarea",
      whole: "integer",
      amount: "decimal",
      day: "date",
    })) {
      await createField({ key, type, title: key });
    }
    await createField({ key: "flag", type: "checkbox", title: "flag", tag: "qbo_flag" });
    await createField({ key: "status", type: "dropdown", title: "status", custom_field_options: options });
    await createField({ key: "code", type: "regexp", title: "code", regexp_for_validation: "[A-Z]{3}" });
    const { organization } = (
      await createOrganization({
        name: "Acme",
        organization_fields: {
          text: "  x ",
          area: "",
          whole: 3,
          amount: 5.2,
          day: "2018-11-04",
          flag: true,
          status: "qbo_overdue",
          code: "USD",
        },
      })
    ).body;
    expect(organization.organization_fields).toEqual({
      text: "x",
      area: null,
      whole: 3,
      amount: 5.2,
      day: "2018-11-04T00:00:00+00:00",
      flag: true,
      status: "qbo_overdue",
      code: "USD",
    });
    expect(organization.tags.sort()).toEqual(["qbo_flag", "qbo_overdue"]);
    const put = (organization_fields: object) =>
      zendesk.call("PUT", `/api/v2/organizations/${organization.id}`, { organization: { organization_fields } });
    const cleared = (await put({ flag: false, status: null, text: null })).body.organization;
    expect([cleared.tags, cleared.organization_fields.whole, cleared.organization_fields.flag]).toEqual([[], 3, false]);
    for (const wrong of [
      { whole: 1.5 },
      { whole: "3" },
      { amount: "5.2" },
      { day: "2018-02-30" },
      { day: 5 },
      { flag: "yes" },
      { code: "usd" },
    ]) {
      expect((await put(wrong)).status, JSON.stringify(wrong)).toBe(422);
    }
    expect((await put({ status: "nonsense" })).body.organization.organization_fields.status).toBeNull();
    await zendesk.control("POST", "switches", { unknownOption: "refuse", unknownFieldKey: "refuse" });
    expect((await put({ status: "nonsense" })).status).toBe(422);
    expect((await put({ nobody: 1 })).status).toBe(422);
  });
});
