import { entityNamed } from "../company/index.ts";
import type { JsonRecord } from "../json.ts";
import type { Mutation } from "../writes/index.ts";

/** What a form of a page asks for, or in words why it cannot be read. */
export function mutationOfForm(fields: Readonly<Record<string, string>>): Mutation | string {
  const entity = entityNamed(fields["entity"] ?? "")?.name;
  if (entity === undefined) return "The form names no entity.";
  const { operation = "", id = "", into = "" } = fields;
  switch (operation) {
    case "void":
    case "delete":
    case "inactivate":
    case "activate":
      return { entity, operation, id };
    case "merge":
      return { entity, operation, id, into: into.trim() };
    case "rename":
      return { entity, operation, id, record: { DisplayName: fields["name"] ?? "" } };
    case "create":
      return createOf(entity, fields);
    default:
      return "The form names no operation.";
  }
}

function createOf(entity: Mutation["entity"], fields: Readonly<Record<string, string>>): Mutation | string {
  if (entity === "Customer" || entity === "Vendor") {
    return { entity, operation: "create", record: { DisplayName: fields["name"] ?? "" } };
  }
  const amount = amountOf(fields["amount"]);
  if (amount === undefined) return "The amount must be a number above zero.";
  const isVendorSide = entity === "Bill" || entity === "BillPayment";
  const record: JsonRecord = {
    TotalAmt: amount,
    [isVendorSide ? "VendorRef" : "CustomerRef"]: { value: fields["party"] ?? "" },
  };
  if (fields["due"] !== undefined && fields["due"] !== "") record["DueDate"] = fields["due"];
  const settled = entity === "Payment" ? "Invoice" : entity === "BillPayment" ? "Bill" : undefined;
  if (settled === undefined) return { entity, operation: "create", record };
  const lines: JsonRecord[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (!name.startsWith("apply-") || value.trim() === "") continue;
    const Amount = amountOf(value);
    if (Amount === undefined) return "Each part of the payment must be a number above zero.";
    lines.push({ Amount, LinkedTxn: [{ TxnId: name.slice("apply-".length), TxnType: settled }] });
  }
  return { entity, operation: "create", record: { ...record, Line: lines } };
}

function amountOf(text: string | undefined): number | undefined {
  const value = text?.trim() ?? "";
  return /^\d{1,9}(\.\d{1,2})?$/.test(value) && Number(value) > 0 ? Number(value) : undefined;
}
