import { Ajv, type ValidateFunction } from "ajv";
import { parse } from "yaml";
import { readFixture } from "./fixtures.ts";

type Node = Record<string, unknown>;

interface Document {
  paths: Record<
    string,
    Record<
      string,
      { operationId?: string; responses?: Record<string, { content?: Record<string, { schema?: Node }> }> }
    >
  >;
  components: { schemas: Record<string, Node> };
}

export interface Declared {
  operationId: string;
  method: string;
  path: string;
  /** By status; a status without a schema is declared all the same. */
  validators: Map<string, ValidateFunction | undefined>;
}

/**
 * Zendesk's contract as validators. Every value may be null, as real traffic shows it (the recorded baseline is counted
 * the same way); formats are not checked.
 */
export function readContract(): Declared[] {
  const document = parse(readFixture("zendesk-oas/support-2024-ballerina.yaml"), { maxAliasCount: -1 }) as Document;
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true, logger: false });
  ajv.addSchema({ $id: "oas", components: { schemas: nullable(document.components.schemas) } });
  const declared: Declared[] = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (operation.operationId === undefined) continue;
      const validators = new Map(
        Object.entries(operation.responses ?? {}).map(([status, response]) => {
          const schema = response.content?.["application/json"]?.schema;
          return [status, schema && ajv.compile(nullable(schema) as Node)];
        }),
      );
      declared.push({ operationId: operation.operationId, method: method.toUpperCase(), path, validators });
    }
  }
  return declared;
}

/** OpenAPI 3.0 to JSON Schema: references into the document, null allowed wherever a type is named. */
function nullable(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(nullable);
  if (typeof node !== "object" || node === null) return node;
  const copy: Node = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === "example" || key === "description") continue;
    if (key === "$ref") copy[key] = `oas${String(value)}`;
    else if (key === "type" && typeof value === "string") copy[key] = [value, "null"];
    else if (key === "enum" && Array.isArray(value)) copy[key] = [...value, null];
    // With null allowed in each branch, "exactly one" would refuse every null.
    else copy[key === "oneOf" && isOfPlainTypes(value) ? "anyOf" : key] = nullable(value);
  }
  return copy;
}

const isOfPlainTypes = (branches: unknown): boolean =>
  Array.isArray(branches) &&
  branches.every((branch: Node) => typeof branch.type === "string" && branch.properties === undefined);
