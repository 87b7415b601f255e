import { styleText } from "node:util";

/** Emphasis on a terminal; plain text everywhere else. */
export interface Style {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

export const plainStyle: Style = {
  strong: (text) => text,
  faint: (text) => text,
  good: (text) => text,
  bad: (text) => text,
};

const format = (name: Parameters<typeof styleText>[0]) => (text: string) =>
  styleText(name, text, { validateStream: false }); // whether colours are wanted is decided by the caller

export const colourStyle: Style = {
  strong: format("bold"),
  faint: format("dim"),
  good: format("green"),
  bad: format("red"),
};
