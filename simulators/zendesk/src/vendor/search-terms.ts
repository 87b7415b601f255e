export interface Term {
  /** Empty for a bare word. */
  key: string;
  text: string;
  comparison: ":" | ">" | "<";
}

/** `type:organization updated>2026-01-01 "some words"`: https://support.zendesk.com/hc/en-us/articles/4408886879258 */
export function readTerms(query: string): Term[] {
  const parts = query.match(/(?:[\w.]+[:<>]=?)?(?:"[^"]*"|\S+)/g) ?? [];
  return parts.flatMap((part): Term[] => {
    const keyed = /^([\w.]+)([:<>])=?(.*)$/s.exec(part);
    const text = (keyed?.[3] ?? part).replaceAll('"', "").toLowerCase().replace(/\*$/, "");
    if (text === "" && part.replaceAll(/["*]/g, "") === "") return [];
    const comparison = keyed?.[2] === ">" || keyed?.[2] === "<" ? keyed[2] : ":";
    return [{ key: keyed?.[1]?.toLowerCase() ?? "", text, comparison }];
  });
}
