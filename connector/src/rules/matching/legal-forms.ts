/**
 * Legal forms of companies by the words that write them, as `normaliseName` leaves words: folded, without accents and dots.
 * What stands on one line is one form; different forms are different companies (a Ltd and an Inc of one name are two).
 */
const suffixes: Readonly<Record<string, readonly string[]>> = {
  inc: ["inc", "incorporated"],
  corp: ["corp", "corporation"],
  co: ["co", "company"],
  llc: ["llc", "limited liability company", "l l c"],
  lc: ["lc"],
  llp: ["llp", "limited liability partnership"],
  lllp: ["lllp"],
  lp: ["lp", "limited partnership"],
  pllc: ["pllc"],
  ulc: ["ulc", "unlimited liability company"],
  ltee: ["ltee", "limitee"],
  ltd: ["ltd", "limited"],
  plc: ["plc", "public limited company"],
  cic: ["cic"],
  opc: ["opc"],
  "pty-ltd": ["pty ltd", "pty limited", "proprietary limited"],
  "pvt-ltd": ["pvt ltd", "pvt limited", "private limited"],
  "pte-ltd": ["pte ltd", "pte limited"],
  "sdn-bhd": ["sdn bhd"],
  bhd: ["bhd"],
  gmbh: ["gmbh", "mbh", "gesellschaft mit beschrankter haftung"],
  "gmbh-co-kg": ["gmbh and co kg", "gmbh co kg", "gmbh und co kg"],
  "ag-co-kg": ["ag and co kg", "ag co kg", "ag und co kg"],
  "ug-co-kg": ["ug and co kg", "ug co kg", "ug haftungsbeschrankt and co kg"],
  kg: ["kg", "kommanditgesellschaft"],
  kgaa: ["kgaa"],
  "se-co-kg": ["se and co kg", "se co kg", "se und co kg"],
  "gmbh-co-ohg": ["gmbh and co ohg", "gmbh co ohg"],
  egbr: ["egbr"],
  "gmbh-co-kgaa": ["gmbh and co kgaa", "gmbh co kgaa"],
  ag: ["ag", "aktiengesellschaft"],
  ohg: ["ohg"],
  gbr: ["gbr"],
  ug: ["ug", "ug haftungsbeschrankt"],
  ek: ["ek"],
  ev: ["ev"],
  eg: ["eg"],
  se: ["se"],
  sa: ["sa", "societe anonyme", "sociedad anonima"],
  sarl: ["sarl", "sa rl", "s a rl", "societe a responsabilite limitee"],
  sas: ["sas"],
  sasu: ["sasu"],
  eurl: ["eurl"],
  sci: ["sci"],
  snc: ["snc"],
  scop: ["scop"],
  gie: ["gie"],
  sprl: ["sprl"],
  asbl: ["asbl"],
  vzw: ["vzw"],
  cvba: ["cvba"],
  bv: ["bv", "besloten vennootschap"],
  bvba: ["bvba"],
  nv: ["nv", "naamloze vennootschap"],
  vof: ["vof"],
  oy: ["oy", "osakeyhtio"],
  oyj: ["oyj"],
  ab: ["ab", "aktiebolag", "ab publ"],
  hb: ["hb"],
  tmi: ["tmi", "toiminimi"],
  as: ["as", "aktieselskab", "aksjeselskap", "anonim sirketi"],
  asa: ["asa"],
  aps: ["aps", "anpartsselskab"],
  ehf: ["ehf"],
  spa: ["spa", "societa per azioni"],
  srl: ["srl"],
  srls: ["srls"],
  sl: ["sl", "sociedad limitada"],
  slu: ["slu"],
  sau: ["sau"],
  "sa-de-cv": ["sa de cv"],
  "srl-de-cv": ["s de rl de cv", "srl de cv"],
  "sapi-de-cv": ["sapi de cv"],
  eireli: ["eireli"],
  lda: ["lda", "limitada"],
  ltda: ["ltda"],
  kft: ["kft"],
  zrt: ["zrt"],
  nyrt: ["nyrt"],
  bt: ["bt"],
  "sp-zoo": ["sp z oo", "spzoo", "sp zoo", "spolka z oo", "spolka z ograniczona odpowiedzialnoscia"],
  "sp-k": ["sp k"],
  "sp-j": ["sp j"],
  sro: ["sro", "spol sro", "spol s ro", "spol s r o"],
  doo: ["doo"],
  dd: ["dd"],
  eood: ["eood"],
  ood: ["ood"],
  "ltd-sti": ["ltd sti", "limited sirketi"],
  ae: ["αε"],
  epe: ["επε"],
  ike: ["ικε"],
  fze: ["fze"],
  fzco: ["fzco"],
  "fz-llc": ["fz llc"],
  wll: ["wll"],
  ou: ["ou"],
  uab: ["uab"],
  sia: ["sia"],
  ооо: ["ооо"],
  оао: ["оао"],
  зао: ["зао"],
  пао: ["пао"],
  тов: ["тов"],
  株式会社: ["株式会社", "株"],
  有限会社: ["有限会社"],
  合同会社: ["合同会社"],
  有限公司: ["有限公司"],
  股份有限公司: ["股份有限公司"],
  주식회사: ["주식회사", "주"],
};

/** Forms that are written before the name as well, and that are no words of their own there. */
const prefixes: ReadonlySet<string> = new Set([
  "sarl",
  "eurl",
  "uab",
  "ооо",
  "оао",
  "зао",
  "пао",
  "тов",
  "株式会社",
  "有限会社",
  "合同会社",
  "주식회사",
]);

const formOf: ReadonlyMap<string, string> = new Map(
  Object.entries(suffixes).flatMap(([form, spellings]) => spellings.map((spelling) => [spelling, form] as const)),
);

const longestSpelling = Math.max(...[...formOf.keys()].map((spelling) => spelling.split(" ").length));

/** Words that are written without blanks around them, and so have to be cut out of the text first. */
export const attachedForms = /股份有限公司|有限公司|株式会社|有限会社|合同会社|주식회사|\(株\)|\(주\)/gu;

/**
 * Takes legal forms off the end (and, few of them, off the front) of a name's words, longest spelling first, never the last word of all:
 * a name that is only a legal form keeps it, and so does "The Limited". "Smith & Co" keeps its "co", which belongs to the name there.
 */
export function splitLegalForms(words: readonly string[]): { words: string[]; forms: string[] } {
  const left = [...words];
  const forms: string[] = [];
  for (let form = takeLast(left); form !== undefined; form = takeLast(left)) forms.unshift(form);
  const before = left.length > 1 ? formOf.get(left[0] ?? "") : undefined;
  if (before !== undefined && prefixes.has(before)) {
    left.shift();
    forms.unshift(before);
  }
  if (left.at(-2) === "and" && left.at(-1) === "company") left[left.length - 1] = "co";
  return { words: left, forms };
}

function takeLast(words: string[]): string | undefined {
  for (let length = Math.min(longestSpelling, words.length - 1); length > 0; length -= 1) {
    const form = formOf.get(words.slice(-length).join(" "));
    const before = words.at(-length - 1);
    const belongsToName = (form === "co" && before === "and") || (before === "the" && words.length === length + 1);
    if (form === undefined || belongsToName) continue;
    words.length -= length;
    return form;
  }
  return undefined;
}

/** Equal, or absent on one side, word for word: "Acme Co" and "Acme Co Inc" agree, "Acme Ltd" and "Acme Inc" do not. */
export function legalFormsAgree(a: string | undefined, b: string | undefined): boolean {
  const left = a?.split(" ") ?? [];
  const right = b?.split(" ") ?? [];
  return left.every((form) => right.includes(form)) || right.every((form) => left.includes(form));
}

/**
 * Does a name end in a word of everyday language that happens to spell a legal form? A day spa is no Italian company ("Diamond Spa",
 * but "Diamond SpA"), "Valley Ag" sells seed. Told by the letters: such forms are written in capitals or with dots.
 */
export function endsInWordLikeForm(name: string): boolean {
  return /(?:^|\s)(?:[Ss]pa|[Aa]g|[Aa]s|[Ss]e|[Ee]g|[Ss]ia)$/u.test(name.trim());
}
