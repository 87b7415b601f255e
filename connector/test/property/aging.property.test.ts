// A second opinion on balances and aging: QuickBooks' own reports, for companies that somebody else made up.
import { Decimal } from "decimal.js";
import { describe, expect, it } from "vitest";
import {
  ageBuckets,
  type Document,
  type LocalDate,
  type Party,
  type Profile,
  parseLocalDate,
  type Totals,
} from "../../src/domain/index.ts";
import { profileCard } from "../../src/rules/profile/index.ts";
import { seedOfRun } from "../harness/seed.ts";
import { intakeBench } from "../intake/intake-bench.ts";

const seed = seedOfRun("aging");
const bench = await intakeBench({ generate: { customers: 60, vendors: 15, invoices: 260, bills: 60, seed } });
const today = parseLocalDate(new Intl.DateTimeFormat("sv-SE", { timeZone: "America/Los_Angeles" }).format(new Date()));
const dayMs = 86_400_000;

/** The amounts of a report on one party alone, by bucket, and their total. */
async function reported(side: "customer" | "vendor", id: string): Promise<Decimal[]> {
  const { quickbooks } = bench;
  const { accessToken } = await token;
  const report = side === "customer" ? "AgedReceivables" : "AgedPayables";
  const answer = await fetch(
    `${quickbooks.url}/v3/company/${quickbooks.realm}/reports/${report}?report_date=${today}&${side}=${id}&minorversion=75`,
    { headers: { authorization: `Bearer ${accessToken}`, accept: "application/json" } },
  );
  if (!answer.ok) throw new Error(`${report}: ${answer.status} ${await answer.text()}`);
  const { Rows } = (await answer.json()) as { Rows: { Row?: { Summary?: Cells; ColData?: Cells["ColData"] }[] } };
  const last = Rows.Row?.at(-1);
  const cells = last?.Summary?.ColData ?? last?.ColData;
  return cells === undefined
    ? [...ageBuckets, "total"].map(() => new Decimal(0))
    : cells.slice(1).map(({ value }) => new Decimal(value === "" ? 0 : value));
}
interface Cells {
  ColData: { value: string }[];
}
const token = bench.quickbooks.grant();

const homeCurrency = "USD";

/** What of credits is unapplied, by the bucket of their own dates: the reports take it off there, we show it beside. */
function creditByBucket(documents: readonly Document[]): Decimal[] {
  const sums = ageBuckets.map(() => new Decimal(0));
  for (const { voided, unapplied, date } of documents) {
    if (voided || unapplied.isZero()) continue;
    const late = Math.round((Date.parse(today) - Date.parse(date)) / dayMs);
    const place = late <= 0 ? 0 : Math.min(ageBuckets.length - 1, Math.ceil(late / 30));
    sums[place] = (sums[place] ?? new Decimal(0)).plus(unapplied);
  }
  return sums;
}

const texts = (amounts: readonly Decimal[]) => amounts.map((amount) => amount.toFixed(2));

describe("balances and aging of a company that was made up", () => {
  it("are what QuickBooks' own reports say of every customer and vendor", async () => {
    await bench.sweep();
    const tops = await bench.replica.allTops({ id: bench.of.connectionId }, undefined, 1_000);
    const families = await bench.replica.familiesOf({ id: bench.of.connectionId }, tops);
    const parties = families.flatMap(({ members }) => members.map(({ party }) => party));
    const documents = await bench.replica.documentsOf(bench.of.connectionId, parties);
    const terms = new Map((await bench.replica.terms(bench.of.connectionId)).map((term) => [term.id, term]));
    let open = 0;
    for (const party of parties) {
      const own = documents.filter((one) => one.party.kind === party.kind && one.party.id === party.id);
      const totals = totalsOf(party, profileOf(party, own, terms, today));
      const credit = creditByBucket(own);
      const aged = ageBuckets.map((bucket, place) => totals.aging[bucket].minus(credit[place] ?? 0));
      // The reports are in the home currency, a client of one other currency is shown in its own: hand-worked tables hold conversion.
      if (party.currency === homeCurrency)
        expect(texts([...aged, totals.balance]), `${party.kind} ${party.id}`).toEqual(
          texts(await reported(party.kind, party.id)),
        );
      expect(totals.balance.toFixed(2), `${party.kind} ${party.id} as QuickBooks has it`).toBe(
        party.balance.toFixed(2),
      );
      open += totals.openCount;
    }
    // Not a company in which nothing is owed.
    expect(open).toBeGreaterThan(20);
  });
});

function profileOf(
  party: Party,
  documents: Document[],
  terms: Parameters<typeof profileCard>[0]["terms"],
  day: LocalDate,
) {
  return profileCard({
    parties: [{ party, linked: true }],
    documents,
    terms,
    policy: { tolerance: new Decimal(1), graceDays: 0 },
    homeCurrency,
    zone: "America/Los_Angeles",
    today: day,
  });
}

function totalsOf({ kind }: Party, profile: Profile): Totals {
  const totals = kind === "customer" ? profile.customer : profile.vendor;
  if (!totals) throw new Error(`a card of a ${kind} has its side`);
  return totals;
}
