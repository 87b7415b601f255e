// One company file: its tables, orders, names, numbers and tombstones, and how they are loaded and dumped.
// Not the accounting: what a payment does to an invoice is decided in ledger/; not HTTP.
// Called by query, ledger, writes, api and control.
export {
  type Cell,
  type Column,
  type ColumnType,
  compareCells,
  compareIds,
  createdColumn,
  idColumn,
  updatedColumn,
} from "./columns.ts";
export {
  type ChangeEvent,
  type Company,
  copyCompany,
  holderOfName,
  nameKey,
  nextDocNumber,
  nextId,
  recordIn,
  removeRecord,
  storeRecord,
  tableOf,
} from "./company.ts";
export { common } from "./defaults.ts";
export {
  columnIndex,
  type Entity,
  type EntityName,
  entities,
  entityNamed,
  entityOf,
  isUnbuiltEntity,
} from "./entities.ts";
export { CompanyFileError, dumpCompany, loadCompany } from "./load.ts";
export { pacificDate, pacificTime, pacificTimeWithMs } from "./pacific-time.ts";
export { cellAt, type Row, recordOf } from "./row.ts";
export type { Table } from "./table.ts";
