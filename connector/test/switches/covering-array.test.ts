import { describe, expect, it } from "vitest";
import { defaultSwitches as quickbooksDefaults } from "../../../simulators/quickbooks/src/behaviour/switches.ts";
import { webhookSettingsSchema } from "../../../simulators/quickbooks/src/webhooks/settings.ts";
import { defaultSwitches as zendeskDefaults } from "../../../simulators/zendesk/src/world/switches.ts";
import { coveringArray } from "./covering-array.ts";
import { factors, leftOut, quickbooksOf, webhooksOf, zendeskOf } from "./factors.ts";

const rows = coveringArray(factors, 1);

describe("the rows of switches", () => {
  it("hold every pair of values of every two switches", () => {
    const names = Object.keys(factors) as (keyof typeof factors)[];
    const missing = names.flatMap((one, place) =>
      names
        .slice(place + 1)
        .flatMap((other) =>
          factors[one].flatMap((value) =>
            factors[other].flatMap((otherValue) =>
              rows.some((row) => row[one] === value && row[other] === otherValue)
                ? []
                : [`${one} ${value}, ${other} ${otherValue}`],
            ),
          ),
        ),
    );
    expect(missing).toEqual([]);
    expect(rows.length).toBeLessThanOrEqual(30);
  });

  it("are the same for the same seed, and others for another", () => {
    expect(coveringArray(factors, 1)).toEqual(rows);
    expect(coveringArray(factors, 2)).not.toEqual(rows);
  });

  it("turn every switch of both simulators, or a reason is given", () => {
    const [row] = rows;
    if (!row) throw new Error("no rows");
    const named = (part: object, reasons: object) => [...Object.keys(part), ...Object.keys(reasons)].sort();
    expect(named(quickbooksOf(row), leftOut.quickbooks)).toEqual(Object.keys(quickbooksDefaults).sort());
    expect(named(webhooksOf(row), leftOut.webhooks)).toEqual(Object.keys(webhookSettingsSchema.shape).sort());
    expect(named(zendeskOf(row), leftOut.zendesk)).toEqual(Object.keys(zendeskDefaults()).sort());
  });
});
