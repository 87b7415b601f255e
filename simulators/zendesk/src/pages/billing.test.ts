import { describe, expect, it } from "vitest";
import { money, pill } from "./billing.ts";
import { html } from "./html.ts";

describe("money", () => {
  it("is grouped, has two digits and its currency, and a true minus sign", () => {
    expect([money(1_234_567.5, "USD"), money(-0.3, ""), money(12, "EUR")]).toEqual([
      "1,234,567.50 USD",
      "−0.30",
      "12.00 EUR",
    ]);
  });
});

describe("pill", () => {
  it("colours by the raw value and always carries the words", () => {
    expect(pill("Überfällig", "qbo_status_overdue").text).toBe('<span class="pill bad">Überfällig</span>');
    expect(pill("Bezahlt", "qbo_status_paid").text).toContain("pill good");
  });
});

describe("html", () => {
  it("escapes every value, in text and in attributes, and leaves markup of its own alone", () => {
    expect(html`<a title="${'"><script>'}">${"<b>"}${html`<i>${"&"}</i>`}${null}${[html`<br>`, "'"]}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;script&gt;">&lt;b&gt;<i>&amp;</i><br>&#39;</a>',
    );
  });
});
