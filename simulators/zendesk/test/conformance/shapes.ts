/** Paths of a JSON value with the type at each: `organization.name` -> string. Lists are one path, `[]`. */
export type Shape = Map<string, string>;

// Keys of these are the customer's own, not the vendor's.
const ownKeys = new Set(["organization_fields", "user_fields", "settings"]);

export function shapeOf(value: unknown, path = "", shape: Shape = new Map()): Shape {
  if (Array.isArray(value)) {
    shape.set(path, "list");
    for (const one of value) shapeOf(one, `${path}[]`, shape);
  } else if (typeof value === "object" && value !== null) {
    shape.set(path, "object");
    const isOwn = ownKeys.has(path.split(".").at(-1) ?? "");
    if (!isOwn)
      for (const [key, one] of Object.entries(value)) shapeOf(one, path === "" ? key : `${path}.${key}`, shape);
  } else {
    const type = value === null ? "null" : typeof value;
    // A value that is null in one row and text in another is text.
    if (!shape.has(path) || shape.get(path) === "null") shape.set(path, type);
  }
  return shape;
}

export interface Compared {
  /** Shapes seen on one side under one operation and status. */
  recorded: Shape[];
  ours: Shape[];
}

/** What is different, one line each: invented keys, missing keys, other types. */
export function differences(name: string, { recorded, ours }: Compared): string[] {
  const known = new Map<string, Set<string>>();
  for (const shape of recorded) {
    for (const [path, type] of shape) known.set(path, (known.get(path) ?? new Set()).add(type));
  }
  const lines = new Set<string>();
  for (const shape of ours) {
    for (const [path, type] of shape) {
      const types = known.get(path);
      if (!types) {
        if (!hasUnknownParent(path, known)) lines.add(`${name}: invented ${path}`);
      } else if (type !== "null" && !types.has(type) && !(types.size === 1 && types.has("null"))) {
        lines.add(`${name}: ${path} is ${type}, recorded ${[...types].join("|")}`);
      }
    }
    for (const path of known.keys()) {
      const isAlways = recorded.every((one) => one.has(path) || !hasParent(path, one));
      if (isAlways && !shape.has(path) && hasParent(path, shape)) lines.add(`${name}: missing ${path}`);
    }
  }
  return [...lines];
}

function parentOf(path: string): string | undefined {
  if (path.endsWith("[]")) return undefined;
  const dot = path.lastIndexOf(".");
  return dot < 0 ? "" : path.slice(0, dot);
}

/** Whether the object that would hold this path is there at all; rows of empty lists say nothing. */
function hasParent(path: string, shape: Shape): boolean {
  const parent = parentOf(path);
  return parent !== undefined && shape.get(parent) === "object";
}

/** An object that was only ever null, or a list that was only ever empty, says nothing about its keys. */
function hasUnknownParent(path: string, known: Map<string, Set<string>>): boolean {
  for (let parent = path; parent !== ""; ) {
    const dot = Math.max(parent.lastIndexOf("."), parent.lastIndexOf("[]"));
    if (dot <= 0) return false;
    parent = parent.slice(0, dot);
    const types = known.get(parent);
    if (types && !types.has("object") && !(types.has("list") && known.has(`${parent}[]`))) return true;
  }
  return false;
}
