/** How large a company to make up. */
export interface WantedCompany {
  readonly customers: number;
  readonly vendors: number;
  readonly invoices: number;
  readonly bills: number;
  readonly seed: number;
}

const most = 5_000_000;
const names = ["customers", "vendors", "invoices", "bills", "seed"] as const;

/** Reads `customers=100000,invoices=300000,seed=7`; answers what is wrong with it instead when something is. */
export function wantedCompany(text: string): WantedCompany | string {
  const wanted: Record<(typeof names)[number], number | undefined> = {
    customers: undefined,
    vendors: undefined,
    invoices: undefined,
    bills: undefined,
    seed: undefined,
  };
  for (const part of text.split(",")) {
    const [key = "", value = ""] = part.split("=");
    const name = names.find((one) => one === key.trim());
    if (name === undefined) return `"${key.trim()}" is none of ${names.join(", ")}`;
    if (!/^\d{1,10}$/.test(value.trim())) return `${name} must be a whole number, not "${value.trim()}"`;
    if (Number(value) > most && name !== "seed") return `${name} is more than ${most}`;
    wanted[name] = Number(value);
  }
  const customers = wanted.customers ?? 400;
  return {
    customers,
    vendors: wanted.vendors ?? Math.ceil(customers / 7),
    invoices: wanted.invoices ?? customers * 5,
    bills: wanted.bills ?? customers,
    seed: wanted.seed ?? 1,
  };
}
