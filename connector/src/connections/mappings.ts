import type { ConnectionId } from "../domain/index.ts";
import { compileMapping, type Mapping } from "../rules/mapping/index.ts";
import type { MappingStore } from "./ports.ts";

/** Compiled mappings by connection and version: versions never change, so each is compiled once while it is in use. */
export type MappingSource = (connectionId: ConnectionId, version: number) => Promise<Mapping>;

/** In force, in a plan that is tried or stopped, and in one that is undone beside them. */
const versionsKept = 4;

export function createMappingSource(store: Pick<MappingStore, "version">): MappingSource {
  const compiled = new Map<ConnectionId, Map<number, Mapping>>();
  return async (connectionId, version) => {
    const versions = compiled.get(connectionId) ?? new Map<number, Mapping>();
    compiled.set(connectionId, versions);
    const known = versions.get(version) ?? (await compile(connectionId, version));
    // Used last stands last; whoever was used longest ago goes first.
    versions.delete(version);
    versions.set(version, known);
    const [oldest] = versions.keys();
    if (versions.size > versionsKept && oldest !== undefined) versions.delete(oldest);
    return known;
  };

  async function compile(connectionId: ConnectionId, version: number): Promise<Mapping> {
    const stored = await store.version(connectionId, version);
    if (!stored) throw new Error(`connection ${connectionId} has no mapping version ${version}`);
    return compileMapping(stored.document);
  }
}
