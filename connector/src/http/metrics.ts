import { PrometheusExporter, PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MeterProvider, type MetricReader } from "@opentelemetry/sdk-metrics";
import type { System } from "../domain/index.ts";

/** What is counted as it happens. Label values are words of ours: never an id from outside, a name or an address. */
export interface Metrics {
  /** A webhook that came in. */
  countDelivery(system: System, outcome: "accepted" | "refused" | "unreadable"): void;
  countCall(call: { system: System; operation: string; outcome: string; seconds: number }): void;
  countWrites(write: { kind: string; outcome: string; count: number }): void;
  /** Everything in Prometheus' text format. */
  read(): Promise<string>;
  close(): Promise<void>;
}

/** What is asked when somebody reads the metrics. A source that fails leaves its lines out. */
export interface MetricSources {
  /** Marks that are due, per connection and kind. */
  backlog(): Promise<readonly { connection: number; kind: string; count: number }[]>;
  /** Seconds since the instant up to which a company is proven current. */
  freshness(): Promise<readonly { connection: number; seconds: number }[]>;
}

/** Seconds; both systems answer in 0.1 to 2 s when well, and are given up after 30. */
const callBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(sources: MetricSources): Metrics {
  // The exporter's own server is not started: we answer on ours.
  const reader: MetricReader = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter("ml-connector");
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);

  const deliveries = meter.createCounter("ml_connector_deliveries", { description: "Webhook deliveries by outcome" });
  const calls = meter.createHistogram("ml_connector_call_seconds", {
    description: "Calls to the two systems by operation and outcome",
    advice: { explicitBucketBoundaries: callBuckets },
  });
  const writes = meter.createCounter("ml_connector_writes", {
    description: "Organizations written to Zendesk, by outcome",
  });
  meter
    .createObservableGauge("ml_connector_marks", { description: "Keys that are due to be looked at" })
    .addCallback(async (result) => {
      for (const { connection, kind, count } of await sources.backlog()) result.observe(count, { connection, kind });
    });
  meter
    .createObservableGauge("ml_connector_freshness_seconds", {
      description: "Time since a company was last proven current",
    })
    .addCallback(async (result) => {
      for (const { connection, seconds } of await sources.freshness()) result.observe(seconds, { connection });
    });

  return {
    countDelivery: (system, outcome) => deliveries.add(1, { system, outcome }),
    countCall: ({ seconds, ...labels }) => calls.record(seconds, labels),
    countWrites: ({ count, ...labels }) => writes.add(count, labels),
    read: async () => serializer.serialize((await reader.collect()).resourceMetrics),
    close: () => provider.shutdown(),
  };
}
