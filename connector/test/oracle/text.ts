// Texts and names as the rules read them: canonical texts of fields, keys of created names, names as evidence.

const mostCharacters = 255;

/** Half of a surrogate pair as U+FFFD, NFC, control characters as blanks, blanks folded, ends trimmed; undefined when nothing is left. */
export function oneLine(text: string | undefined): string | undefined {
  const folded = (text ?? "")
    .toWellFormed()
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
  const short = cut(folded, mostCharacters);
  return short === "" ? undefined : short;
}

/** The same line by line; empty lines go. */
export function manyLines(lines: readonly (string | undefined)[]): string | undefined {
  const kept = lines.flatMap((line) => (line ?? "").split(/\r\n|\r|\n/)).map((line) => foldedLine(line));
  const text = kept.filter((line) => line !== "").join("\n");
  return text === "" ? undefined : text;
}

function foldedLine(line: string): string {
  return line
    .toWellFormed()
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
}

/** Never through the middle of a character outside the basic plane. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const short = text.slice(0, most);
  return (/[\uD800-\uDBFF]$/.test(short) ? short.slice(0, -1) : short).trimEnd();
}

/** The name of an organization that we make, before any suffix. */
export function wantedName(displayName: string): string {
  const folded = displayName
    .toWellFormed()
    .normalize("NFC")
    .replaceAll(/[\p{Cc}|\s]+/gu, " ")
    .trim();
  return folded.replace(/ \(deleted\)$/, "").trim();
}

export function withSuffix(name: string, suffix: string): string {
  return cut(name, mostCharacters - suffix.length) + suffix;
}

/** Full case fold: one key for `Straße` and `STRASSE`. */
export function nameKey(name: string): string {
  return name.normalize("NFC").trim().toUpperCase().toLowerCase().replaceAll("ς", "σ").normalize("NFC");
}

const addressForm = /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\.]+(\.[^\s@<>(),;:"[\]\\.]+)+$/;

/** Every valid address of a field that may hold several, lower case, each once. */
export function addressesIn(text: string | undefined): string[] {
  const parts = (text ?? "").split(/[,;]/).map((part) => part.trim().toLowerCase());
  return [...new Set(parts.filter((part) => addressForm.test(part)))];
}

const freeMail =
  /^(gmail|googlemail|yahoo|ymail|outlook|hotmail|live|msn|icloud|me|aol|gmx|web|proton|protonmail|mail|zoho|yandex|comcast|fastmail)\.[a-z.]+$/;

/** The company's own domain behind an address; undefined for free mail. */
export function corporateDomain(addressOrDomain: string): string | undefined {
  const host = addressOrDomain.slice(addressOrDomain.lastIndexOf("@") + 1).toLowerCase();
  const labels = host.split(".");
  const isSecondLevel = /^(co|com|org|net|gov|ac|edu)$/.test(labels.at(-2) ?? "") && labels.at(-1)?.length === 2;
  const domain = labels.slice(isSecondLevel ? -3 : -2).join(".");
  return freeMail.test(domain) || domain === "" ? undefined : domain;
}

const legalForms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    inc: "inc",
    incorporated: "inc",
    llc: "llc",
    ltd: "ltd",
    limited: "ltd",
    plc: "plc",
    corp: "corp",
    corporation: "corp",
    co: "co",
    company: "co",
    gmbh: "gmbh",
    ag: "ag",
    kg: "kg",
    ug: "ug",
    sa: "sa",
    sas: "sas",
    sarl: "sarl",
    srl: "srl",
    spa: "spa",
    bv: "bv",
    nv: "nv",
    ab: "ab",
    as: "as",
    aps: "aps",
    oy: "oy",
    llp: "llp",
    lp: "lp",
    pty: "pty",
  }),
);

export interface EvidenceName {
  stem: string;
  form: string | undefined;
}

/** A name as evidence: without case, white space, punctuation, accents and "(deleted)", its legal form apart. */
export function evidenceName(name: string): EvidenceName {
  const plain = name
    .replaceAll(/\(deleted\)/gi, " ")
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[.'’]/g, "")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  const words = plain.split(" ");
  const form = words.length > 1 ? legalForms.get(words.at(-1) ?? "") : undefined;
  return { stem: (form === undefined ? words : words.slice(0, -1)).join(" "), form };
}

/** Equal, or one side says nothing of it. */
export function formsAgree(one: EvidenceName, other: EvidenceName): boolean {
  return one.form === undefined || other.form === undefined || one.form === other.form;
}
