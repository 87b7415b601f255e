import { type EntityName, entityNamed, isUnbuiltEntity } from "../company/index.ts";
import { NotBuilt } from "../not-built.ts";
import type { WriteOperation } from "../writes/index.ts";

/** What a request under /v3/company/{realm}/ asks for. */
export type ApiRoute =
  | { readonly operation: "query" }
  | { readonly operation: "cdc" }
  | { readonly operation: "batch" }
  | { readonly operation: "report"; readonly report: string }
  | { readonly operation: "companyinfo" | "preferences"; readonly entity: EntityName; readonly id: string }
  | { readonly operation: "read"; readonly entity: EntityName; readonly id: string }
  | { readonly operation: WriteOperation | "write"; readonly entity: EntityName }
  | { readonly operation: "not-built"; readonly name: string }
  | { readonly operation: "not-found" };

/** Paths and operations in any case, as the vendor takes them (node-quickbooks writes lower case, SDKs camel case). */
export function routeOf(method: string, segments: readonly string[], operation: string | undefined): ApiRoute {
  const [first = "", second, third] = segments;
  const word = first.toLowerCase();
  const reads = method === "GET";
  if (word === "query" && second === undefined && (reads || method === "POST")) return { operation: "query" };
  if (word === "cdc" && second === undefined && reads) return { operation: "cdc" };
  if (word === "batch" && second === undefined && method === "POST") return { operation: "batch" };
  if (word === "reports" && second !== undefined && third === undefined && reads) {
    return { operation: "report", report: second };
  }
  if (unbuiltPaths.has(word)) return { operation: "not-built", name: `${method} ${word}` };
  if (isUnbuiltEntity(word)) return { operation: "not-built", name: `${reads ? "read" : "write"} ${word}` };
  const entity = entityNamed(word);
  if (entity === undefined) return { operation: "not-found" };
  if (third !== undefined) return { operation: "not-built", name: `${method} ${word}/{id}/${third.toLowerCase()}` };
  if (reads) return readRoute(entity.name, second);
  if (method !== "POST" || second !== undefined) return { operation: "not-found" };
  return writeRoute(entity.name, operation);
}

const unbuiltPaths = new Set(["upload", "download", "entitlements", "oauth", "taxservice", "exchangerate"]);

function readRoute(entity: EntityName, id: string | undefined): ApiRoute {
  if (entity === "CompanyInfo") return { operation: "companyinfo", entity, id: "1" };
  if (entity === "Preferences") return { operation: "preferences", entity, id: "1" };
  return id === undefined ? { operation: "not-found" } : { operation: "read", entity, id };
}

/** Without `?operation=` a body with an Id is an update, one without is a create; `write` says: look at the body. */
function writeRoute(entity: EntityName, operation: string | undefined): ApiRoute {
  switch (operation?.toLowerCase()) {
    case undefined:
      return { operation: "write", entity };
    case "update":
      return { operation: "update", entity };
    case "delete":
      return { operation: "delete", entity };
    case "void":
      return { operation: "void", entity };
    case "create":
      return { operation: "create", entity };
    default:
      throw new NotBuilt(`?operation=${operation ?? ""}`);
  }
}
