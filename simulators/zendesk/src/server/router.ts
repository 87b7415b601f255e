import type { Method, Operation } from "./call.ts";

export interface Route {
  operation: Operation;
  params: Record<string, string>;
}

interface Template {
  operation: Operation;
  segments: readonly string[];
  fixed: number;
}

/** Finds operations by method and path. More fixed segments win: `/users/me` before `/users/{id}`. */
export class Router {
  readonly #byShape = new Map<string, Template[]>();

  constructor(operations: readonly Operation[]) {
    for (const operation of operations) {
      const segments = operation.path.split("/");
      const fixed = segments.filter((segment) => !segment.startsWith("{")).length;
      const shape = `${operation.method} ${segments.length}`;
      const templates = this.#byShape.get(shape) ?? [];
      templates.push({ operation, segments, fixed });
      templates.sort((a, b) => b.fixed - a.fixed);
      this.#byShape.set(shape, templates);
    }
  }

  find(method: string, path: string): Route | undefined {
    const segments = path.split("/");
    for (const template of this.#byShape.get(`${method} ${segments.length}`) ?? []) {
      const params = match(template.segments, segments);
      if (params) return { operation: template.operation, params };
    }
    return undefined;
  }

  /** The methods that a path knows, for a 405-like answer. */
  knows(method: Method, path: string): boolean {
    return this.find(method, path) !== undefined;
  }
}

function match(template: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, wanted] of template.entries()) {
    const segment = segments[index] ?? "";
    if (wanted.startsWith("{")) params[wanted.slice(1, -1)] = segment;
    else if (wanted !== segment) return undefined;
  }
  return params;
}
