import type { BenchServer } from "./stage/index.ts";

/** What a bench is given. */
export interface BenchContext {
  /** Started when it is first asked for. */
  server(): Promise<BenchServer>;
  size: "full" | "small";
  /** Folder for CPU profiles of the service. */
  profileTo: string | undefined;
  /** Of those benches that throw dice; they choose one and print it where none is given. */
  seed: number | undefined;
  /** A line for the person who watches. */
  say(line: string): void;
}

/** Figures by name: first those of the table in docs/benchmarks.md, then what explains them. */
export type Figures = { [name: string]: number | string | Figures };

export type Bench = (context: BenchContext) => Promise<Figures>;

export function round(value: number, digits = 0): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

/** The value below which this share of the values lies (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
