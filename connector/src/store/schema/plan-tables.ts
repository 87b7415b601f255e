// Rows: mapping versions. Types of the columns: see columns.ts.
import type { ConnectionId, MappingDocument } from "../../domain/index.ts";
import type { InstantWithDefault, Jsonb } from "./columns.ts";

export interface MappingTable {
  connection_id: ConnectionId;
  version: number;
  document: Jsonb<MappingDocument>;
  made_by: string;
  made_at: InstantWithDefault;
  note: string | null;
}
