import { isRecord, type Json, type JsonRecord } from "../../src/json.ts";

/**
 * Reads the vendor's XML into the JSON it would have been: references become `{value, name}`, attributes keys, repeated
 * elements lists. Small and strict enough for recordings and for what the simulator writes; no namespaces, no entities but five.
 */
export function readXml(text: string): JsonRecord {
  const body = text.replace(/^\uFEFF/, "").replaceAll(/<\?[^>]*\?>|<!--[^]*?-->/g, "");
  const root: Open = { name: "", attributes: {}, children: {}, order: [], text: "" };
  const stack = [root];
  const pattern = /<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/g;
  for (const [, closes, name = "", written = "", isEmpty, content] of body.matchAll(pattern)) {
    const top = stack.at(-1) ?? root;
    if (content !== undefined) top.text += content;
    else if (closes === "/") close(stack, name);
    else {
      stack.push({ name, attributes: attributesOf(written), children: {}, order: [], text: "" });
      if (isEmpty === "/") close(stack, name);
    }
  }
  if (stack.length !== 1) throw new Error(`${stack.at(-1)?.name ?? ""} is not closed`);
  return root.children;
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: JsonRecord;
  readonly order: string[];
  text: string;
}

function close(stack: Open[], name: string): void {
  const done = stack.pop();
  const parent = stack.at(-1);
  if (done === undefined || parent === undefined || done.name !== name) throw new Error(`</${name}> closes nothing`);
  const value = valueOf(done);
  const before = parent.children[name];
  parent.order.push(name);
  parent.children[name] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
}

function attributesOf(written: string): Record<string, string> {
  const found = [...written.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)];
  return Object.fromEntries(
    found
      .filter(([, name]) => !name?.startsWith("xmlns"))
      .map(([, name = "", a, b]) => [name, unescaped(a ?? b ?? "")]),
  );
}

function valueOf({ name, attributes, children, text }: Open): Json {
  const content = unescaped(text).trim();
  const hasChildren = Object.keys(children).length > 0;
  if (name.endsWith("Ref") && !hasChildren) return { value: content, ...attributes };
  if (!hasChildren && Object.keys(attributes).length === 0) return content === "" && text === "" ? {} : content;
  return { ...attributes, ...children, ...(content === "" || hasChildren ? {} : { value: content }) };
}

function unescaped(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replaceAll("&amp;", "&");
}

/** Every object found under a name anywhere inside. */
export function objectsNamed(value: Json, name: string): JsonRecord[] {
  if (Array.isArray(value)) return value.flatMap((one) => objectsNamed(one, name));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = key === name ? (Array.isArray(inner) ? inner : [inner]).filter(isRecord) : [];
    return [...here, ...objectsNamed(inner, name)];
  });
}
