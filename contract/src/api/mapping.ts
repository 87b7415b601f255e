import { z } from "zod";
import { mappingChecked, mappingHistory, mappingPresets, mappingPreview, mappingShown } from "../mapping.ts";
import { partyText } from "../values.ts";
import { json, operation } from "./operation.ts";
import { connectionPath } from "./paging.ts";
import { task } from "./task.ts";

const see = { role: "viewer", on: "connection" } as const;
const operate = { role: "operator", on: "connection" } as const;
const mapping = { tag: "mapping", params: connectionPath };
const document = z.record(z.string(), z.unknown());

/** One of these: a document as files have it, one to begin with, or an older version. */
const candidate = z.union([
  z.strictObject({ document }),
  z.strictObject({ preset: z.string().max(100) }),
  z.strictObject({ version: z.int().positive() }),
]);
export type MappingCandidate = z.infer<typeof candidate>;

export const mappingOperations = {
  readMapping: operation({
    ...mapping,
    method: "GET",
    path: "/connections/:connectionId/mapping",
    summary: "The mapping in force: which organization fields are written, and from what",
    needs: see,
    answer: json(200, mappingShown),
  }),
  listMappings: operation({
    ...mapping,
    method: "GET",
    path: "/connections/:connectionId/mapping/versions",
    summary: "All versions, newest first",
    needs: see,
    answer: json(200, mappingHistory),
  }),
  readMappingVersion: operation({
    method: "GET",
    path: "/connections/:connectionId/mapping/versions/:version",
    tag: "mapping",
    summary: "One version, with its document",
    needs: see,
    params: connectionPath.extend({ version: z.coerce.number().int().positive() }),
    answer: json(200, mappingShown),
  }),
  listMappingPresets: operation({
    method: "GET",
    path: "/mapping-presets",
    tag: "mapping",
    summary: "Mappings to begin with",
    needs: { role: "viewer", on: "any" },
    answer: json(200, mappingPresets),
  }),
  checkMapping: operation({
    ...mapping,
    method: "POST",
    path: "/connections/:connectionId/mapping/check",
    summary: "Everything that is wrong with a mapping; nothing is stored",
    needs: operate,
    body: z.object({ document: z.unknown() }),
    answer: json(200, mappingChecked.omit({ file: true })),
  }),
  previewMapping: operation({
    ...mapping,
    method: "POST",
    path: "/connections/:connectionId/mapping/preview",
    summary: "What a mapping makes of one party; without one, the mapping in force",
    needs: operate,
    body: z.object({ party: partyText, mapping: candidate.optional() }),
    answer: json(200, mappingPreview),
  }),
  saveMapping: operation({
    ...mapping,
    method: "POST",
    path: "/connections/:connectionId/mapping/versions",
    summary:
      "Keep a mapping as a new version and plan what it would change; nothing changes before the plan is approved",
    needs: { role: "admin", on: "connection" },
    body: z.object({ mapping: candidate, note: z.string().max(1_000).optional() }),
    answer: json(202, task),
  }),
};
