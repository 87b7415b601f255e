import { readFileSync } from "node:fs";
import { quickbooksAccess, quickbooksRealm } from "./access.ts";
import { type Bench, round } from "./bench.ts";
import { httpRequest, sendLoad } from "./load.ts";
import { startQuickbooks } from "./stage/index.ts";

const sizes = { full: { customers: 100_000, invoices: 300_000 }, small: { customers: 4_000, invoices: 12_000 } };
const pageRows = 1_000;

/** What a made-up company of any size takes: until it is served, and in memory, all its invoices read once. */
export const generate: Bench = async ({ size, say }) => {
  const { customers, invoices } = sizes[size];
  const half = await take({ customers: customers / 2, invoices: invoices / 2 });
  say(`half of it: ${round(half.peakRssMb)} MB`);
  const whole = await take({ customers, invoices });
  return {
    peakRssMb: round(whole.peakRssMb),
    readySeconds: round(whole.readySeconds, 1),
    peakRssMbOfHalf: round(half.peakRssMb),
    kbPerCustomer: round(((whole.peakRssMb - half.peakRssMb) * 1024) / (customers / 2), 1),
    customers,
    invoices,
    pagesRead: whole.pages,
  };
};

async function take({ customers, invoices }: { customers: number; invoices: number }) {
  const startedAt = performance.now();
  const quickbooks = await startQuickbooks([
    "--generate",
    `customers=${customers},invoices=${invoices},seed=7`,
    "--limits",
    "unlimited",
  ]);
  try {
    const readySeconds = (performance.now() - startedAt) / 1_000;
    const token = await quickbooksAccess(quickbooks.url);
    const pages = Math.ceil(invoices / pageRows);
    const { answered } = await sendLoad({
      url: quickbooks.url,
      connections: 1,
      requests: pages,
      request: (place) => {
        const from = place * pageRows + 1;
        const query = `SELECT * FROM Invoice ORDERBY MetaData.CreateTime STARTPOSITION ${from} MAXRESULTS ${pageRows}`;
        return httpRequest({
          method: "GET",
          path: `/v3/company/${quickbooksRealm}/query?query=${encodeURIComponent(query)}`,
          headers: { authorization: `Bearer ${token}`, accept: "application/json" },
        });
      },
    });
    if ([...answered.keys()].some((status) => status !== 200))
      throw new Error(`pages were answered ${[...answered.keys()].join(", ")}`);
    return { readySeconds, pages, peakRssMb: peakRssMb(quickbooks.pid) };
  } finally {
    await quickbooks.stop();
  }
}

/** The most that the process ever held, as Linux counts it (proc(5), VmHWM, in kB). */
function peakRssMb(pid: number): number {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  if (!found) throw new Error("this system does not say what a process held at most");
  return Number(found[1]) / 1024;
}
