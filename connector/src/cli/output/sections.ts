import type { Layout } from "./layout.ts";

/** A title and what stands under it. */
export function section(title: string, body: string, { style }: Layout): string {
  return `${style.strong(title)}\n${body}`;
}

/** Parts parted by an empty line; those that are undefined are left out. */
export function paragraphs(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join("\n\n");
}

/** `Name:  value`, the values in one column. Names are our own; values must be safe to show already. */
export function pairs(rows: readonly (readonly [string, string])[]): string {
  const longest = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${`${name}:`.padEnd(longest + 2)} ${value}`).join("\n");
}
