import { describe, expect, it } from "vitest";
import { toXml } from "./to-xml.ts";

describe("toXml", () => {
  it("writes a record as the vendor does: attributes, references with names, elements in the schema's order", () => {
    const invoice = {
      Balance: 0,
      CustomerRef: { value: "24", name: 'Sonnen "&" Sons' },
      Line: [{ DetailType: "SubTotalLineDetail", SubTotalLineDetail: {}, Amount: 459 }],
      TotalAmt: 459,
      MetaData: { LastUpdatedTime: "2026-01-02T00:00:00-08:00", CreateTime: "2026-01-01T00:00:00-08:00" },
      CustomField: [],
      CustomerMemo: { value: "<hi>" },
      Id: "8",
      domain: "QBO",
      sparse: false,
      SyncToken: "0",
    };
    expect(toXml({ Invoice: invoice, time: "2026-05-05T05:15:24.356-07:00" })).toBe(
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' +
        '<IntuitResponse xmlns="http://schema.intuit.com/finance/v3" time="2026-05-05T05:15:24.356-07:00">' +
        '<Invoice domain="QBO" sparse="false"><Id>8</Id><SyncToken>0</SyncToken>' +
        "<MetaData><CreateTime>2026-01-01T00:00:00-08:00</CreateTime><LastUpdatedTime>2026-01-02T00:00:00-08:00</LastUpdatedTime></MetaData>" +
        "<Line><Amount>459.00</Amount><DetailType>SubTotalLineDetail</DetailType><SubTotalLineDetail/></Line>" +
        '<CustomerRef name="Sonnen &quot;&amp;&quot; Sons">24</CustomerRef><CustomerMemo>&lt;hi&gt;</CustomerMemo>' +
        "<TotalAmt>459.00</TotalAmt><Balance>0</Balance></Invoice></IntuitResponse>",
    );
  });

  it("writes pages, change sets and faults with their attributes", () => {
    const tombstone = { domain: "QBO", status: "Deleted", Id: "2359", MetaData: { LastUpdatedTime: "x" } };
    expect(
      toXml({ CDCResponse: [{ QueryResponse: [{ Payment: [tombstone], startPosition: 1, maxResults: 1 }, {}] }] }),
    ).toContain(
      '<CDCResponse><QueryResponse startPosition="1" maxResults="1"><Payment domain="QBO" status="Deleted"><Id>2359</Id>' +
        "<MetaData><LastUpdatedTime>x</LastUpdatedTime></MetaData></Payment></QueryResponse><QueryResponse/></CDCResponse>",
    );
    const fault = { Error: [{ Message: "m", Detail: "d", code: "610", element: "" }], type: "ValidationFault" };
    expect(toXml({ Fault: fault })).toContain(
      '<Fault type="ValidationFault"><Error code="610" element=""><Message>m</Message><Detail>d</Detail></Error></Fault>',
    );
  });

  it("drops what XML cannot hold", () => {
    expect(toXml({ Customer: { Id: "1", Notes: "a\u0000\u0007b\uD800c" } })).toContain("<Notes>abc</Notes>");
  });
});
