import type { Upkeep } from "../cli/upkeep.ts";
import type { Running } from "./running.ts";

/** What keeps the service going, for the command line and the operator API. */
export function createUpkeep({ engine }: Running): Upkeep {
  return {
    keys: engine.keys,
  };
}
