/** Tags are one word in lower case (https://support.zendesk.com/hc/en-us/articles/4408888486042); doubles are dropped. */
export function normaliseTags(sent: readonly unknown[]): string[] {
  const tags = sent.map((tag) => String(tag).trim().toLowerCase().replaceAll(/\s+/g, "_"));
  return [...new Set(tags.filter((tag) => tag !== ""))];
}

/** The list after a change of field values: mirrored tags that no value needs any more go, new ones come last. */
export function replaceMirrored(
  tags: readonly string[],
  before: readonly string[],
  after: readonly string[],
): string[] {
  const gone = new Set(before.filter((tag) => !after.includes(tag)));
  return [...new Set([...tags.filter((tag) => !gone.has(tag)), ...after])];
}
