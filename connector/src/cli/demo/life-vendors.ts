import { addDays } from "./company-calendar.ts";
import type { ChangeKind } from "./life-customers.ts";
import type { VendorCard, World } from "./life-world.ts";

function pick(world: World, fits: (card: VendorCard) => boolean): VendorCard | undefined {
  const fitting = world.vendors.filter((card) => card.vendor.Active && fits(card));
  return fitting.length === 0 ? undefined : world.random.pick(fitting);
}

const owed = (card: VendorCard) => card.bills.filter((bill) => bill.Balance > 0);

export const vendorChanges: Readonly<Record<string, ChangeKind>> = {
  "new bill": (world) => {
    const card = pick(world, () => true);
    if (!card) return undefined;
    const TotalAmt = world.random.between(30_00, 1500_00) / 100;
    const rate = card.bills[0] ? { ExchangeRate: card.bills[0].ExchangeRate } : {};
    const DueDate = addDays(world.today, world.random.between(-3, 30));
    const record = { VendorRef: { value: card.vendor.Id }, TotalAmt, TxnDate: world.today, DueDate, ...rate };
    const says = `${card.vendor.DisplayName} bills us ${TotalAmt.toFixed(2)} ${card.vendor.CurrencyRef.value}`;
    return { says, party: card.party, steps: [{ entity: "Bill", operation: "create", record }] };
  },
  "bill paid": (world) => {
    const card = pick(world, (one) => owed(one).length > 0);
    const bill = card && world.random.pick(owed(card));
    if (!card || !bill) return undefined;
    const { VendorRef, ExchangeRate, Balance } = bill;
    const Line = [{ Amount: Balance, LinkedTxn: [{ TxnId: bill.Id, TxnType: "Bill" }] }];
    const paid = { PayType: "Check", CheckPayment: { BankAccountRef: { value: "1" } } };
    const record = { VendorRef, TotalAmt: Balance, TxnDate: world.today, ExchangeRate, ...paid, Line };
    const says = `We pay ${card.vendor.DisplayName} ${Balance.toFixed(2)} ${bill.CurrencyRef.value}`;
    return { says, party: card.party, steps: [{ entity: "BillPayment", operation: "create", record }] };
  },
  "vendor credit": (world) => {
    const card = pick(world, () => true);
    if (!card) return undefined;
    const TotalAmt = world.random.between(5_00, 80_00) / 100;
    const rate = card.bills[0] ? { ExchangeRate: card.bills[0].ExchangeRate } : {};
    const record = { VendorRef: { value: card.vendor.Id }, TotalAmt, TxnDate: world.today, ...rate };
    const says = `${card.vendor.DisplayName} credits us ${TotalAmt.toFixed(2)} ${card.vendor.CurrencyRef.value}`;
    return { says, party: card.party, steps: [{ entity: "VendorCredit", operation: "create", record }] };
  },
};
