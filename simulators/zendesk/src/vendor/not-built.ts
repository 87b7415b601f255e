import { Refusal } from "../records/refusals.ts";
import type { Method, Operation } from "../server/call.ts";
import names from "../server/vendor-operations.json" with { type: "json" };

const methods: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** Operations that Zendesk has and this simulator does not: each answers 501 with its name, so that nobody wonders. */
export function operationsNotBuilt(built: readonly Operation[]): Operation[] {
  const shape = (method: string, path: string): string => `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`;
  const known = new Set(built.map((operation) => shape(operation.method, operation.path)));
  return names.flatMap((line) => {
    const [method = "GET", template = "", name = ""] = line.split(" ");
    if (known.has(shape(method, template))) return [];
    let index = 0;
    const path = template.replaceAll("{id}", () => `{p${index++}}`);
    const operation: Operation = {
      name,
      method: methods.find((one) => one === method) ?? "GET",
      path,
      action: name,
      resource: "unbuilt",
      access: method === "GET" ? "read" : "write",
      needs: "nobody",
      run: () => {
        throw new Refusal(501, {
          error: "NotImplemented",
          description: `This simulator does not build ${name} (${method} ${template})`,
          operation: name,
        });
      },
    };
    return [operation];
  });
}
