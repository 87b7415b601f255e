import { type MappingDocument, priorities } from "../../src/domain/index.ts";
import { checkMapping, defaultMapping, succeed } from "../../src/rules/mapping/index.ts";
import { everyoneKey } from "../../src/sync/marks/index.ts";
import type { Flow } from "../flow/bench.ts";

/** The default document with some of its parts replaced. */
export function mappingWith(part: Partial<MappingDocument>): MappingDocument {
  const checked = checkMapping({ ...defaultMapping, ...part });
  if ("problems" in checked) throw new Error(checked.problems.map(({ at, says }) => `${at}: ${says}`).join("\n"));
  return checked.document;
}

/** A mapping is in force, as after its plan was applied: what it changes is decided by the next pass over every card. */
export async function changeMapping(
  { engine, store, connectionId }: Pick<Flow, "engine" | "store" | "connectionId">,
  document: MappingDocument,
): Promise<void> {
  const { mappings, marks } = engine.stores;
  const before = await mappings.current(connectionId);
  const version = await mappings.save(connectionId, succeed(before.document, document), "Ada", undefined);
  await store.database
    .updateTable("connection")
    .set({ mapping_version: version, fields_ready_at: null })
    .where("id", "=", connectionId)
    .execute();
  const causes = [{ kind: "person" as const, who: "Ada", what: "mapping", at: "2026-11-20T00:00:00Z" }];
  await marks.mark([{ connectionId, kind: "party", key: everyoneKey, priority: priorities.background, causes }]);
}
