import type { Style } from "./style.ts";
import type { Terminal } from "./terminal.ts";

/** How wide and in which emphasis text is set. */
export interface Layout {
  width: number | undefined;
  style: Style;
  heading: (text: string) => string;
}

export function layoutOf({ width, style }: Pick<Terminal, "width" | "style">): Layout {
  return { width, style, heading: style.faint };
}
