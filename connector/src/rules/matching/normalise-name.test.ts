import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normaliseName } from "./index.ts";
import { endsInWordLikeForm, legalFormsAgree } from "./legal-forms.ts";

const stem = (name: string) => normaliseName(name).stem;
const form = (name: string) => normaliseName(name).legalForm;

describe("the stem of a name", () => {
  it("is equal for names that differ in case, white space, punctuation, accents and (deleted) alone", () => {
    const groups = [
      ["Amy's Bird Sanctuary", "AMYS  BIRD SANCTUARY", "Amy’s Bird-Sanctuary (deleted)", " amy`s\tbird, sanctuary. "],
      ["L'Oréal", "LOreal", "LORÉAL"],
      ["Smith & Jones", "Smith Jones", "SMITH + JONES"],
      ["J. P. Morgan", "JP Morgan", "J.P. Morgan"],
      ["Straßenbau Müller", "STRASSENBAU MULLER"],
      ["Ørsted", "Orsted"],
      ["İstanbul Café", "ISTANBUL CAFE"],
      ["Foo™", "Foo"],
      ["Zero\u200bWidth", "zerowidth"],
      ["Lunar Metalworks (deleted).", "Lunar Metalworks", "Lunar Metalworks. (Deleted) (deleted)™"],
    ];
    for (const group of groups) expect(new Set(group.map(stem)).size, group.join(" | ")).toBe(1);
  });
  it("keeps different names apart", () => {
    const pairs = [
      ["C++ School", "C School"],
      ["Books by Jessie", "Books by Bessie"],
      ["Smith & Co", "Smith"],
      ["Smith & Jones", "Smith and Jones"],
      ["Йод", "Иод"],
      ["がく", "かく"],
      ["Müller", "Mueller"],
      ["Acme (deleted) Parts", "Acme Parts"],
    ];
    for (const [a, b] of pairs) expect(stem(a as string)).not.toBe(stem(b as string));
  });
  it("works for names in other scripts", () => {
    expect(normaliseName("株式会社トヨタ")).toEqual(normaliseName("㈱トヨタ"));
    expect(normaliseName("トヨタ株式会社")).toEqual({ stem: "トヨタ", legalForm: "株式会社" });
    expect(normaliseName("ООО «Ромашка»")).toEqual(normaliseName("Ромашка, ООО"));
    expect(normaliseName("ΑΦΟΙ ΠΑΠΑΔΌΠΟΥΛΟΣ").stem).toBe(stem("Αφοί Παπαδόπουλος"));
    expect(stem("हिन्दी भवन")).toBe("हिन्दी भवन");
  });
  it("is never empty for a name that shows anything", () => {
    for (const name of ["!!!", "AG", "The Limited", "Co.", "★", "S.p.A."]) expect(stem(name)).not.toBe("");
    expect(stem("  ")).toBe("");
  });
  it("is its own stem", () => {
    const word = fc.constantFrom(
      "acme",
      "Co",
      "Inc",
      "GmbH",
      "&",
      "KG",
      "S.A.",
      "the",
      "A/S",
      "é",
      "Ltd",
      "and",
      "Company",
      "sp. z o.o.",
      "x",
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
        const once = stem(words.join(" "));
        expect(stem(once)).toBe(once);
      }),
    );
  });
});

describe("the legal form of a name", () => {
  it("is one form in all its spellings", () => {
    const groups = {
      inc: ["Acme Inc", "ACME, Inc.", "Acme Incorporated"],
      ltd: ["Acme Ltd", "Acme Limited", "ACME LTD."],
      corp: ["Acme Corp.", "Acme Corporation"],
      co: ["Acme Co.", "Acme Company"],
      llc: ["Acme LLC", "Acme L.L.C."],
      llp: ["Acme LLP"],
      lp: ["Acme L.P."],
      plc: ["Acme PLC", "Acme plc"],
      "pty-ltd": ["Acme Pty Ltd", "Acme Pty. Limited"],
      gmbh: ["Acme GmbH", "Acme G.m.b.H."],
      "gmbh-co-kg": ["Acme GmbH & Co. KG", "Acme GmbH und Co KG", "ACME GMBH & CO.KG"],
      ag: ["Acme AG", "Acme Aktiengesellschaft"],
      kg: ["Acme KG"],
      sa: ["Acme SA", "Acme S.A."],
      sarl: ["Acme SARL", "Acme S.à r.l.", "Acme S.A.R.L.", "SARL Acme"],
      sas: ["Acme SAS", "Acme S.A.S."],
      bv: ["Acme BV", "Acme B.V."],
      nv: ["Acme N.V."],
      oy: ["Acme Oy"],
      ab: ["Acme AB"],
      as: ["Acme AS", "Acme A/S", "Acme A.Ş.", "Acme Anonim Şirketi"],
      aps: ["Acme ApS"],
      spa: ["Acme SpA", "Acme S.p.A.", "ACME SPA"],
      srl: ["Acme Srl", "Acme S.r.l."],
      sl: ["Acme S.L."],
      kft: ["Acme Kft."],
      ltee: ["Acme Ltée", "Acme LTEE", "Acme Limitée"],
      ulc: ["Acme ULC"],
      opc: ["Acme OPC"],
      sprl: ["Acme S.P.R.L.", "Acme SPRL"],
      asbl: ["Acme ASBL"],
      "se-co-kg": ["Acme SE & Co. KG"],
      eireli: ["Acme EIRELI"],
      "ltd-sti": ["Acme Ltd. Şti.", "Acme Limited Şirketi"],
      fze: ["Acme FZE"],
      wll: ["Acme W.L.L."],
      "sp-zoo": ["Acme sp. z o.o.", "Acme Sp. z o. o.", "Acme SP Z OO"],
    };
    for (const [expected, names] of Object.entries(groups))
      for (const name of names)
        expect([name, normaliseName(name)]).toEqual([name, { stem: "acme", legalForm: expected }]);
  });
  it("is none where the letters are a place's or a thing's", () => {
    for (const name of ["Bourbon KY", "Best PC", "Acme OG"]) expect(form(name)).toBeUndefined();
  });
  it("is none where the name is nothing else, or where the form belongs to the name", () => {
    for (const name of ["AG", "The Limited", "Smith & Co", "Inc"]) expect(form(name)).toBeUndefined();
    expect(normaliseName("Co Inc")).toEqual({ stem: "co", legalForm: "inc" });
    expect(stem("Smith & Co")).toBe(stem("Smith and Company"));
    expect(stem("Plan B A/S")).toBe("plan b");
  });
  it("agrees with itself, with none, and with more of the same, not with another", () => {
    expect(legalFormsAgree("inc", "inc")).toBe(true);
    expect(legalFormsAgree("inc", undefined)).toBe(true);
    expect(legalFormsAgree(form("Ford Motor Company"), form("Ford Motor Co. Inc."))).toBe(true);
    expect(legalFormsAgree("inc", "ltd")).toBe(false);
    expect(legalFormsAgree(form("Acme GmbH"), form("Acme GmbH & Co. KG"))).toBe(false);
    expect(legalFormsAgree(form("Acme Ltd"), form("Acme Pty Ltd"))).toBe(false);
  });
  it("may be an everyday word, told by its letters", () => {
    expect(["Diamond Spa", "Valley Ag", "diamond spa"].map(endsInWordLikeForm)).toEqual([true, true, true]);
    expect(["Diamond SpA", "Diamond S.p.A.", "DIAMOND SPA", "Valley AG", "Acme Inc"].some(endsInWordLikeForm)).toBe(
      false,
    );
  });
});
