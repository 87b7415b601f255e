import type { ConnectionId } from "../../domain/index.ts";
import type { IncidentReport } from "./ports.ts";

const windowMs = 10 * 60_000;
const slices = 10;
/** Of a few changes, one slow one says nothing about a hundredth. */
const fewest = 20;
/** In a slice: beyond it, samples are thinned evenly. */
const mostInSlice = 2_000;

interface Slice {
  at: number;
  seen: number;
  samples: number[];
}

/** How long changes took from the first word of them to their settlement, over the last ten minutes, in this process. */
export interface FreshnessGauge {
  settled(connectionId: ConnectionId, tookMs: number): void;
  /** The slowest of 99 of 100, in milliseconds; undefined: too few changes to say. */
  p99(connectionId: ConnectionId): { ms: number; changes: number } | undefined;
}

export function createFreshnessGauge(monotonicMs: () => number): FreshnessGauge {
  const byConnection = new Map<ConnectionId, Slice[]>();
  const sliceOf = (ms: number) => Math.floor(ms / (windowMs / slices));
  const living = (connectionId: ConnectionId) =>
    (byConnection.get(connectionId) ?? []).filter(({ at }) => at > sliceOf(monotonicMs()) - slices);
  return {
    settled(connectionId, tookMs) {
      const at = sliceOf(monotonicMs());
      const kept = living(connectionId);
      let slice = kept.find((each) => each.at === at);
      if (slice === undefined) kept.push((slice = { at, seen: 0, samples: [] }));
      byConnection.set(connectionId, kept);
      slice.seen += 1;
      // Once full, every sample takes a place in turn: the slice stays a fair picture of its minute without randomness.
      slice.samples[slice.samples.length < mostInSlice ? slice.samples.length : (slice.seen * 7) % mostInSlice] =
        tookMs;
    },
    p99(connectionId) {
      const kept = living(connectionId);
      const samples = kept.flatMap((slice) => slice.samples).sort((one, other) => one - other);
      const ms = samples[Math.ceil(samples.length * 0.99) - 1];
      if (ms === undefined || samples.length < fewest) return undefined;
      return { ms, changes: kept.reduce((sum, { seen }) => sum + seen, 0) };
    },
  };
}

/** What to note of a connection; undefined: it is within its objective. */
export function freshnessFinding(
  connectionId: ConnectionId,
  measured: { ms: number; changes: number } | undefined,
  objectiveSeconds: number,
): IncidentReport | undefined {
  if (measured === undefined || measured.ms <= objectiveSeconds * 1000) return undefined;
  const seconds = (measured.ms / 1000).toFixed(1);
  return {
    cause: "freshness",
    says: `Changes take up to ${seconds} s from QuickBooks to Zendesk (99 of 100, over 10 minutes); the objective is ${objectiveSeconds} s. See what waits: ml-connector status`,
    connectionId,
    affectedNow: measured.changes,
  };
}
