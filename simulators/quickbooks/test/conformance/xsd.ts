/** Which elements a type holds in which order, with their types: as much of XSD as Intuit's schemas use. */
export type Sequences = ReadonlyMap<string, readonly { readonly name: string; readonly type: string }[]>;

/** Reads named complex types, their sequences and what they extend, out of schema files. */
export function readSequences(files: readonly string[]): Sequences {
  const own = new Map<string, { extends: string | undefined; elements: { name: string; type: string }[] }>();
  const globals = new Map<string, string>();
  for (const file of files) {
    const text = file.replaceAll(/<!--[^]*?-->|<xs:annotation>[^]*?<\/xs:annotation>/g, "");
    for (const [, name = "", body = ""] of text.matchAll(
      /<xs:complexType\s[^>]*?name="([^"]+)"[^>]*?(?<!\/)>([^]*?)<\/xs:complexType>/g,
    )) {
      const elements = [...body.matchAll(/<xs:element\s([^>]*?)\/?>/g)].map(([, attributes = ""]) =>
        elementOf(attributes),
      );
      own.set(name, { extends: /<xs:extension\s[^>]*?base="([^"]+)"/.exec(body)?.[1]?.split(":").at(-1), elements });
    }
    for (const [, attributes = ""] of text.matchAll(/<xs:element\s([^>]*?)\/?>/g)) {
      const { name, type } = elementOf(attributes);
      if (type !== "" && !globals.has(name)) globals.set(name, type);
    }
  }
  const whole = (name: string, depth = 0): { name: string; type: string }[] => {
    const found = own.get(name);
    if (found === undefined || depth > 9) return [];
    const inherited = found.extends === undefined ? [] : whole(found.extends, depth + 1);
    return [
      ...inherited,
      ...found.elements.map((one) => ({ ...one, type: one.type === "" ? (globals.get(one.name) ?? "") : one.type })),
    ];
  };
  return new Map([...own.keys()].map((name) => [name, whole(name)]));
}

function elementOf(attributes: string): { name: string; type: string } {
  const read = (key: string) => new RegExp(`(?:^|\\s)${key}="([^"]*)"`).exec(attributes)?.[1]?.split(":").at(-1) ?? "";
  return { name: read("name") || read("ref"), type: read("type") };
}

/** Elements that stand before one that the schema puts first; elements that the schema does not know are left to other tests. */
export function orderFaults(xml: string, sequences: Sequences): string[] {
  const faults: string[] = [];
  const stack: { type: string; last: number; name: string }[] = [];
  const pattern = /<(\/?)([\w:.-]+)(?:\s[^>]*?)?(\/?)>/g;
  for (const [, closes, name = "", isEmpty] of xml.replaceAll(/<\?[^>]*\?>/g, "").matchAll(pattern)) {
    if (closes === "/") {
      stack.pop();
      continue;
    }
    const parent = stack.at(-1);
    const siblings = parent === undefined ? [] : (sequences.get(parent.type) ?? []);
    const place = siblings.findIndex((one) => one.name === name);
    if (parent !== undefined && place !== -1) {
      if (place < parent.last) faults.push(`${parent.name}: ${name} comes too late`);
      parent.last = Math.max(parent.last, place);
    }
    const type = siblings[place]?.type ?? (sequences.has(name) ? name : "");
    if (isEmpty !== "/") stack.push({ type, last: 0, name });
  }
  return [...new Set(faults)];
}
