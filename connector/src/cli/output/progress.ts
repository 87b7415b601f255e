import type { Writable } from "node:stream";
import { cut, grouped, oneLine } from "../../views/index.ts";

export interface ProgressStep {
  title: string;
  done: number;
  /** Absent: nobody knows how much it will be. 1: there is nothing to draw a bar of. */
  total?: number | undefined;
  says: string;
}

export interface Progress {
  at(step: ProgressStep): void;
  end(): void;
}

const barLength = 24;
const eraseLine = "\r\u001B[2K";

/** `Loading  ━━━━━━──────  25 %  1,200 of 4,800  says`. */
export function progressLine({ title, done, total, says }: ProgressStep): string {
  const words = [oneLine(title)];
  if (total !== undefined && total > 1) {
    const share = Math.min(1, done / total);
    const filled = Math.floor(share * barLength);
    words.push("━".repeat(filled) + "─".repeat(barLength - filled));
    words.push(`${String(Math.floor(share * 100)).padStart(3)} %`, `${grouped(done)} of ${grouped(total)}`);
  } else if (total === undefined && done > 0) words.push(grouped(done));
  const remark = oneLine(says);
  if (remark !== "") words.push(remark);
  return words.join("  ");
}

/** In a log file only these steps get a line: a new title, every tenth of the way, and the end. */
export function isWorthALine(before: ProgressStep | undefined, step: ProgressStep): boolean {
  if (!before || before.title !== step.title) return true;
  return tenth(before) !== tenth(step);
}

function tenth({ done, total }: ProgressStep): number {
  return total !== undefined && total > 0 ? Math.floor((done / total) * 10) : 0;
}

/**
 * One line that is painted over, on a terminal; a few lines elsewhere. Nothing ticks: it is painted when there is news. Not clack's spinner or
 * progress: they take the keyboard and end the process with code 0 at Ctrl+C (`block` in @clack/core of @clack/prompts 1.9.0), past our own
 * orderly stop.
 */
export function createProgress(errors: Writable, terminal: { columns: () => number } | undefined): Progress {
  let last: ProgressStep | undefined;
  return {
    at(step) {
      if (terminal) {
        const next = last && last.title !== step.title ? "\n" : eraseLine;
        errors.write(`${next}${cut(progressLine(step), terminal.columns() - 1)}`);
      } else if (isWorthALine(last, step)) errors.write(`${progressLine(step)}\n`);
      last = step;
    },
    end() {
      if (terminal && last) errors.write("\n");
      last = undefined;
    },
  };
}
