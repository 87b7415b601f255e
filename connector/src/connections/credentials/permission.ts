import type { Permission } from "./ports.ts";

/** What a token may do, told by the scopes that were granted. Unknown: a token from before we asked for less, or one without scopes. */
export function permissionOf(scopes: string | undefined): Permission {
  return scopes === undefined || scopes.split(/\s+/).includes("write") ? "write" : "read";
}
