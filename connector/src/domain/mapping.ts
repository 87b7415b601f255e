import type { FieldType, FieldValue } from "./organization.ts";

/** What becomes of a card in Zendesk, as a person may write it down: plain JSON, versioned per connection, kept in git if they like. */
export interface MappingDocument {
  format: 1;
  /** In the order in which agents see the fields. */
  rows: MappingRow[];
  /** The lines between our two markers in an organization's notes; absent: none. */
  note?: MappingNote;
  /** Fields that an earlier version wrote and this one does not: their values are cleared, their definitions stay in Zendesk. */
  retired: RetiredField[];
}

/** One organization field, and where its value comes from. */
export interface MappingRow {
  target: MappingTarget;
  value: MappingValue;
  /** A condition; where it is false, the row is empty. */
  when?: string;
  /** `clear` where absent. */
  empty?: EmptyRule;
}

export interface MappingTarget {
  /** With our prefix: `qbo_`. */
  key: string;
  type: FieldType;
  title: string;
  description: string;
  /** Drop-downs only. */
  options?: MappingOption[];
}

/** An option of a drop-down. It is chosen by its value, or by the word that it stands for: `overdue` for `qbo_status_overdue`. */
export interface MappingOption {
  name: string;
  value: string;
  from?: string;
}

/** A path such as `customer.overdue`, an expression over the same words, or a text with `{{ }}` holes for expressions. */
export type MappingValue = { source: string } | { expression: string } | { template: string };

/** Where a row yields nothing: the field is cleared, left as it is, or set to this. */
export type EmptyRule = "clear" | "keep" | { constant: Exclude<FieldValue, null> };

export interface MappingNote {
  template: string;
  when?: string;
  /** `alone` (where absent): only where the notes hold nothing else. `with-text`: also beside what people wrote. */
  place?: "alone" | "with-text";
}

export interface RetiredField {
  key: string;
  type: FieldType;
}

/** What is wrong with a mapping, in words for whoever wrote it. */
export interface MappingProblem {
  /** `rows[3].value.expression`, with the field's key where it is known. */
  at: string;
  key: string | undefined;
  /** Counted from 1, within the text at `at`. */
  line: number | undefined;
  column: number | undefined;
  says: string;
  suggestion: string | undefined;
}

/** A row that gave no value for one card, although it was right when it was saved: its field stays as it is. */
export interface MappingFault {
  key: string;
  says: string;
}
