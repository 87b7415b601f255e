// Mappings of the small product in memory. Only tests import this.
import type { MappingDocument } from "../../domain/index.ts";
import type { Application } from "../application.ts";
import { type SampleWorld, sampleNow, samplePlan } from "./sample-world.ts";

const document: MappingDocument = {
  format: 1,
  rows: [
    {
      target: { key: "qbo_status", type: "text", title: "QuickBooks status", description: "" },
      value: { source: "customer.status" },
    },
  ],
  retired: [],
};

export function sampleMapping(world: SampleWorld): Pick<Application, "mapping"> {
  const version = { version: 1, document, who: "ml-connector", at: sampleNow, note: undefined };
  return {
    mapping: {
      versions: () => Promise.resolve({ inForce: 1, versions: [version] }),
      presets: () => [{ name: "default", says: "Everything at a glance.", document }],
      check: () => Promise.resolve({ document, problems: [], comparedWith: "acme" }),
      preview: () =>
        Promise.resolve({
          organizationId: undefined,
          titles: new Map([["qbo_status", "QuickBooks status"]]),
          now: {},
          wanted: { qbo_status: "open" },
          faults: [],
        }),
      save: (_, __, { who }) => {
        world.requests.push(`mapping by ${who}`);
        return Promise.resolve({ version: 2, plan: samplePlan() });
      },
    },
  };
}
