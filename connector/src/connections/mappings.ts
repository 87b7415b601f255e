import type { ConnectionId } from "../domain/index.ts";
import { compileMapping, type Mapping } from "../rules/mapping/index.ts";
import type { MappingStore } from "./ports.ts";

/** Compiled mappings by connection and version: versions never change, so each is compiled once. */
export type MappingSource = (connectionId: ConnectionId, version: number) => Promise<Mapping>;

export function createMappingSource(store: Pick<MappingStore, "version">): MappingSource {
  const compiled = new Map<ConnectionId, { version: number; mapping: Mapping }>();
  return async (connectionId, version) => {
    const known = compiled.get(connectionId);
    if (known?.version === version) return known.mapping;
    const stored = await store.version(connectionId, version);
    if (!stored) throw new Error(`connection ${connectionId} has no mapping version ${version}`);
    const mapping = compileMapping(stored.document);
    compiled.set(connectionId, { version, mapping });
    return mapping;
  };
}
