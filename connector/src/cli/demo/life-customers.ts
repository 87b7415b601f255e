import { addDays } from "./company-calendar.ts";
import type { Customer, Invoice } from "./company-file.ts";
import { addressOf, personOf, phoneOf, trades } from "./company-words.ts";
import type { CustomerCard, Mutation, Proposal, World } from "./life-world.ts";

/** Finds a card on which such a change shows, and words it; undefined where no unused card fits. */
export type ChangeKind = (world: World) => Proposal | undefined;

const money = (amount: number, customer: { CurrencyRef: { value: string } }) =>
  `${amount.toFixed(2)} ${customer.CurrencyRef.value}`;
const amountOf = (world: World) => world.random.between(45_00, 1900_00) / 100;
const open = (card: CustomerCard) => card.invoices.filter((invoice) => invoice.Balance > 0);

/** A card of the kind wanted; an inactive client gets no new documents. */
function pick(world: World, fits: (card: CustomerCard) => boolean): CustomerCard | undefined {
  const fitting = world.customers.filter((card) => card.top.Active && fits(card));
  return fitting.length === 0 ? undefined : world.random.pick(fitting);
}

/** Whose name the document bears: the client itself, or a sub-customer of it. */
function buyerOf(world: World, card: CustomerCard): Customer {
  return world.random.pick(card.family.filter((one) => one.Active));
}

function rateOf(world: World, customer: Customer): { ExchangeRate?: number } {
  const known = world.company.Invoice.find((one) => one.CurrencyRef.value === customer.CurrencyRef.value);
  return known ? { ExchangeRate: known.ExchangeRate } : {};
}

function sale(world: World, entity: string, customer: Customer, amount: number): Mutation {
  const TxnDate = world.today;
  const record = { CustomerRef: { value: customer.Id }, TotalAmt: amount, TxnDate, ...rateOf(world, customer) };
  return { entity, operation: "create", record };
}

function receipt(invoice: Invoice, today: string, amount: number): Mutation {
  const Line = [{ Amount: amount, LinkedTxn: [{ TxnId: invoice.Id, TxnType: "Invoice" }] }];
  const { CustomerRef, ExchangeRate } = invoice;
  return {
    entity: "Payment",
    operation: "create",
    record: { CustomerRef, TotalAmt: amount, TxnDate: today, ExchangeRate, Line },
  };
}

const edit = (customer: Customer, record: Record<string, unknown>): Mutation => ({
  entity: "Customer",
  operation: "update",
  id: customer.Id,
  record,
});

export const customerChanges: Readonly<Record<string, ChangeKind>> = {
  "new invoice": (world) => {
    const card = pick(world, () => true);
    if (!card) return undefined;
    const buyer = buyerOf(world, card);
    const amount = amountOf(world);
    const says = `${card.top.DisplayName}: new invoice of ${money(amount, buyer)}`;
    return { says, party: card.party, steps: [sale(world, "Invoice", buyer, amount)] };
  },
  "paid in full": (world) => {
    const card = pick(world, (one) => open(one).length > 0);
    const invoice = card && world.random.pick(open(card));
    if (!card || !invoice) return undefined;
    const says = `${card.top.DisplayName} pays invoice ${invoice.DocNumber} in full (${money(invoice.Balance, invoice)})`;
    return { says, party: card.party, steps: [receipt(invoice, world.today, invoice.Balance)] };
  },
  "partly paid": (world) => {
    const card = pick(world, (one) => open(one).some((invoice) => invoice.Balance > 10));
    const invoice = card && world.random.pick(open(card).filter((one) => one.Balance > 10));
    if (!card || !invoice) return undefined;
    const part = Math.floor(invoice.Balance * world.random.between(20, 70)) / 100;
    const says = `${card.top.DisplayName} pays ${money(part, invoice)} of invoice ${invoice.DocNumber}`;
    return { says, party: card.party, steps: [receipt(invoice, world.today, part)] };
  },
  "invoice voided": (world) => {
    const unpaid = (one: CustomerCard) => open(one).filter((invoice) => (invoice.LinkedTxn ?? []).length === 0);
    const card = pick(world, (one) => unpaid(one).length > 0);
    const invoice = card && world.random.pick(unpaid(card));
    if (!card || !invoice) return undefined;
    const says = `${card.top.DisplayName}: invoice ${invoice.DocNumber} of ${money(invoice.Balance, invoice)} is voided`;
    return { says, party: card.party, steps: [{ entity: "Invoice", operation: "void", id: invoice.Id }] };
  },
  "credit memo": (world) => {
    const card = pick(world, () => true);
    if (!card) return undefined;
    const buyer = buyerOf(world, card);
    const amount = world.random.between(10_00, 300_00) / 100;
    const says = `${card.top.DisplayName}: credit memo of ${money(amount, buyer)}`;
    return { says, party: card.party, steps: [sale(world, "CreditMemo", buyer, amount)] };
  },
  "due date moved": (world) => {
    const dated = (one: CustomerCard) => open(one).filter((invoice) => invoice.DueDate !== undefined);
    const card = pick(world, (one) => dated(one).length > 0);
    const invoice = card && world.random.pick(dated(card));
    if (!card || !invoice?.DueDate) return undefined;
    const wasLate = invoice.DueDate < world.today;
    const DueDate = addDays(world.today, wasLate ? 21 : -9);
    const says = `${card.top.DisplayName}: invoice ${invoice.DocNumber} is now due on ${DueDate}`;
    return {
      says,
      party: card.party,
      steps: [{ entity: "Invoice", operation: "update", id: invoice.Id, record: { DueDate } }],
    };
  },
  "payment deleted": (world) => {
    const counted = (one: CustomerCard) => one.payments.filter((payment) => payment.TotalAmt > 0);
    const card = pick(world, (one) => counted(one).length > 0);
    const payment = card && world.random.pick(counted(card));
    if (!card || !payment) return undefined;
    const says = `${card.top.DisplayName}: a payment of ${money(payment.TotalAmt, payment)} is deleted`;
    return { says, party: card.party, steps: [{ entity: "Payment", operation: "delete", id: payment.Id }] };
  },
  "sales receipt": (world) => {
    const card = pick(world, () => true);
    if (!card) return undefined;
    const buyer = buyerOf(world, card);
    const amount = amountOf(world);
    const says = `${card.top.DisplayName} buys over the counter for ${money(amount, buyer)}`;
    return { says, party: card.party, steps: [sale(world, "SalesReceipt", buyer, amount)] };
  },
  "telephone changed": (world) => {
    const card = pick(world, () => true);
    if (!card) return undefined;
    const shown = card.top.PrimaryPhone?.FreeFormNumber;
    let number = phoneOf(world.random);
    while (number === shown) number = phoneOf(world.random);
    const record = { PrimaryPhone: { FreeFormNumber: number } };
    return {
      says: `${card.top.DisplayName} has another telephone`,
      party: card.party,
      steps: [edit(card.top, record)],
    };
  },
  "address changed": (world) => {
    const card = pick(world, () => true);
    if (!card) return undefined;
    const moved = addressOf(world.random, card.top.CurrencyRef.value);
    const BillAddr = { ...moved, Line1: `${1000 + world.turn} New Quay` };
    return { says: `${card.top.DisplayName} moves`, party: card.party, steps: [edit(card.top, { BillAddr })] };
  },
  "mail address added": (world) => {
    // Where invoices name an address, that one is shown; only without any does the client's own. The field holds 100 characters.
    const shown = (one: CustomerCard) => one.invoices.every((invoice) => !invoice.BillEmail && !invoice.BillEmailCc);
    const held = (one: CustomerCard) => one.top.PrimaryEmailAddr?.Address;
    const card = pick(world, (one) => shown(one) && !one.hasMembers && (held(one)?.length ?? 0) < 60);
    if (!card) return undefined;
    const Address = [`desk${world.turn}@second-desk.example`, held(card) ?? []].flat().join(", ");
    const says = `${card.top.DisplayName} has one more mail address`;
    return { says, party: card.party, steps: [edit(card.top, { PrimaryEmailAddr: { Address } })] };
  },
  renamed: (world) => {
    // An adopted organization keeps its name; only on one that we made does a new name show.
    const card = pick(world, (one) => one.origin === "created");
    if (!card) return undefined;
    const DisplayName = `${card.top.DisplayName.slice(0, 60)} Holdings ${world.turn}`;
    const says = `${card.top.DisplayName} is renamed to ${DisplayName}`;
    return {
      says,
      party: card.party,
      steps: [{ entity: "Customer", operation: "rename", id: card.top.Id, record: { DisplayName } }],
    };
  },
  inactivated: (world) => {
    const idle = (one: CustomerCard) => one.top.Balance === 0 && !one.hasMembers && open(one).length === 0;
    const card = pick(world, idle);
    if (!card) return undefined;
    const says = `${card.top.DisplayName} is made inactive`;
    return { says, party: card.party, steps: [{ entity: "Customer", operation: "inactivate", id: card.top.Id }] };
  },
  "new customer": (world) => {
    // Only while the round lasts: newcomers alone are not a company's life.
    if (world.customers.length === 0) return undefined;
    const person = personOf(world.random);
    const DisplayName = `${person.family} & Kin ${world.random.pick(trades)} ${world.turn}`;
    const record = { DisplayName, GivenName: person.given, FamilyName: person.family };
    const amount = amountOf(world);
    return {
      says: `New customer ${DisplayName} with an invoice of ${amount.toFixed(2)} USD`,
      party: undefined,
      steps: [
        { entity: "Customer", operation: "create", record },
        (made) => ({
          entity: "Invoice",
          operation: "create",
          record: { CustomerRef: { value: made[0]?.Id ?? "" }, TotalAmt: amount, TxnDate: world.today },
        }),
      ],
    };
  },
  "new sub-customer": (world) => {
    const card = pick(world, (one) => one.hasMembers);
    if (!card) return undefined;
    const DisplayName = `New wing ${world.turn}`;
    const { CurrencyRef } = card.top;
    const record = { DisplayName, ParentRef: { value: card.top.Id }, CurrencyRef };
    const amount = amountOf(world);
    return {
      says: `${card.top.DisplayName} gets sub-customer ${DisplayName} with an invoice of ${money(amount, card.top)}`,
      party: card.party,
      steps: [
        { entity: "Customer", operation: "create", record },
        (made) => ({
          entity: "Invoice",
          operation: "create",
          record: {
            CustomerRef: { value: made[0]?.Id ?? "" },
            TotalAmt: amount,
            TxnDate: world.today,
            ...rateOf(world, card.top),
          },
        }),
      ],
    };
  },
};
