// Plans of the small product in memory. Only tests import this.
import type { PlanProgress } from "../../sync/reconcile/index.ts";
import type { Application } from "../application.ts";
import { type SampleWorld, samplePlan } from "./sample-world.ts";

export function samplePlans(world: SampleWorld): Pick<Application, "plans" | "planDesk" | "applyProgress" | "fit"> {
  const effects = () =>
    (world.plan?.effects ?? []).map((effect, position) => ({
      ...effect,
      position,
      canary: false,
      state: "done" as const,
      found: undefined,
    }));
  const steer = (planId: number, word: string, who: string) => {
    world.requests.push(`${word} ${planId} by ${who}`);
    return Promise.resolve(true);
  };
  const progress: PlanProgress = { state: "applied", planned: 0, done: 2, failed: 0, changed: 0, left: 0, beside: 0 };
  return {
    plans: {
      latest: () => Promise.resolve(world.plan),
      read: () => Promise.resolve(world.plan),
      list: () => Promise.resolve(world.plan ? [world.plan] : []),
      effects: (_, { states }) => Promise.resolve(effects().filter(({ state }) => states?.includes(state) ?? true)),
      progress: () => Promise.resolve(progress),
      approve: (planId, who) => steer(planId, "approve", who),
      approveChanged: (planId, parties, who) => {
        world.requests.push(`approve changed of ${planId} by ${who}`);
        return Promise.resolve(parties === "all" ? ["customer:12"] : [...parties]);
      },
      stop: (planId, who) => steer(planId, "stop", who),
      discard: (planId, who) => steer(planId, "discard", who),
    },
    planDesk: {
      proposeChange: () => Promise.resolve(samplePlan()),
      changeSettings: (_, patch) => {
        world.requests.push(`settings ${JSON.stringify(patch)}`);
        return Promise.resolve("pollMinutes" in patch ? undefined : samplePlan());
      },
      proposeRestore: (_, ofPlan) =>
        Promise.resolve({ ...samplePlan(), id: 4, change: { kind: "restore" as const, ofPlan } }),
      tryOut: (planId, who) => steer(planId, "try", who),
      tried: () => Promise.resolve([]),
    },
    fit: (connectionId) =>
      Promise.resolve({
        connectionId,
        parties: 5,
        link: 1,
        create: 1,
        review: 1,
        reviewByReason: { "several-organizations": 1 },
        linkedByStep: { email: 1, created: 1 },
        outOfScope: 1,
        rolledUp: 1,
        members: 2,
        fieldsToCreate: 23,
        calls: 26,
        expectedSeconds: 90,
        requestsPerMinute: 700,
        gaps: ["This Zendesk plan has no custom objects."],
      }),
    async *applyProgress() {
      yield Promise.resolve(progress);
    },
  };
}
