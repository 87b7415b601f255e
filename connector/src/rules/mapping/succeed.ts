import type { MappingDocument } from "../../domain/index.ts";

/** `next` after `previous`: fields that `previous` wrote, or had to clear, and that `next` does not name, are cleared. */
export function succeed(previous: MappingDocument, next: MappingDocument): MappingDocument {
  const kept = new Set(next.rows.map(({ target }) => target.key));
  const before = [
    ...previous.rows.map(({ target: { key, type } }) => ({ key, type })),
    ...previous.retired,
    ...next.retired,
  ];
  const retired = new Map(before.filter(({ key }) => !kept.has(key)).map((field) => [field.key, field]));
  return { ...next, retired: [...retired.values()].sort((a, b) => (a.key < b.key ? -1 : 1)) };
}
