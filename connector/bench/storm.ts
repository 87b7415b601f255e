import { type Bench, round } from "./bench.ts";
import { callOf, countCalls, listCalls } from "./calls.ts";
import { invoicesOf } from "./company-life.ts";
import { openLoadedStage, pause, recordedPace, type Simulator, type Span } from "./stage/index.ts";

const sizes = {
  full: { company: "customers=1500,vendors=10,invoices=27000,bills=10,seed=7", cards: 1000, each: 10, seconds: 60 },
  small: { company: "customers=60,vendors=5,invoices=300,bills=5,seed=7", cards: 30, each: 2, seconds: 1 },
};
const mutationsAtOnce = 10;
const patienceMs = 5 * 60_000;

/** Ten invoices of each of a thousand customers changed within a minute, under both systems' own limits: how well a burst folds. */
export const storm: Bench = async (context) => {
  const { company, cards, each, seconds } = sizes[context.size];
  const stage = await openLoadedStage({
    server: await context.server(),
    profileTo: context.profileTo,
    systems: { company: { generate: company }, limits: "vendor", jobs: recordedPace },
  });
  try {
    const invoices = await invoicesOf(stage.database, stage.connectionId, cards, each);
    const events = invoices.length;
    if (events < cards * each) throw new Error(`only ${events} invoices of customers that have ${each}`);
    await makeStorm(stage.quickbooks, invoices, seconds);
    const endedAt = performance.now();
    await stage.driver.settled(stage.connectionId, patienceMs);
    const convergedAfterMs = performance.now() - endedAt;
    const { spans, longestStopMs } = await stage.service.observe();
    context.say(listCalls(spans));
    const counts = countCalls(spans);
    return {
      quickbooksReadsPerEvent: round(spans.reduce((sum, span) => sum + questionsOf(span), 0) / events, 4),
      zendeskWritesPerEvent: round(counts.organizationWrites / events, 4),
      convergedAfterMs: round(convergedAfterMs),
      connectingCalls: counts.connecting,
      events,
      customers: cards,
      longestStopMs: round(longestStopMs),
    };
  } finally {
    await stage.close();
  }
};

/** Another total of each invoice, at an even pace: ten rounds over all customers. */
async function makeStorm(
  quickbooks: Simulator,
  invoices: readonly { id: string; total: number }[],
  seconds: number,
): Promise<void> {
  const startedAt = performance.now();
  for (let place = 0; place < invoices.length; place += mutationsAtOnce) {
    await pause(startedAt + (place * seconds * 1000) / invoices.length - performance.now());
    const mutations = invoices.slice(place, place + mutationsAtOnce).map(({ id, total }) => {
      const TotalAmt = Number((total + 1).toFixed(2));
      return { entity: "Invoice", operation: "update", id, record: { TotalAmt } };
    });
    await quickbooks.post("mutate", { mutations });
  }
}

/** A batch counts as the questions in it. */
function questionsOf(span: Span): number {
  const { system, operation } = callOf(span);
  if (system !== "quickbooks" || operation === "oauth") return 0;
  return operation === "batch" ? span.body.split('"bId"').length - 1 : 1;
}
