import { isRecord, type Json } from "../../src/json.ts";

/** Which kinds of value stand at which path; list elements share the path of their list. */
export type Shape = ReadonlyMap<string, ReadonlySet<string>>;

export function shapeOf(value: Json, path = "", into: Map<string, Set<string>> = new Map()): Shape {
  const kind = kindOf(value);
  into.set(path, (into.get(path) ?? new Set()).add(kind));
  if (Array.isArray(value)) for (const one of value) shapeOf(one, `${path}[]`, into);
  else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) shapeOf(inner, path === "" ? key : `${path}.${key}`, into);
  }
  return into;
}

function kindOf(value: Json): string {
  if (Array.isArray(value)) return "list";
  return value === null ? "null" : typeof value;
}

/** What ours has and the recording has not, what it lacks, and what is of another kind; each as one line. */
export function shapeDifferences(ours: Shape, recorded: Shape): string[] {
  const differences: string[] = [];
  for (const [path, kinds] of ours) {
    const theirs = recorded.get(path);
    if (theirs === undefined) differences.push(`invented ${path}`);
    else
      for (const kind of kinds)
        if (!theirs.has(kind)) differences.push(`${path} is ${kind}, recorded ${[...theirs].join("|")}`);
  }
  for (const path of recorded.keys()) if (!ours.has(path)) differences.push(`missing ${path}`);
  // Below a difference everything differs: the topmost is the one to tell.
  return differences.filter((line) => !differences.some((other) => line !== other && line.startsWith(`${other}.`)));
}
