import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Company, CompanyFileError, dumpCompany, loadCompany } from "../company/index.ts";
import {
  ControlError,
  clockBody,
  editBody,
  eventsBody,
  faultBody,
  gateBody,
  mutateBody,
  type ReadMutation,
  readControl,
  releaseBody,
  seedBody,
} from "../control/bodies.ts";
import { controlOpenApi } from "../control/openapi.ts";
import { createSnapshots } from "../control/snapshots.ts";
import { webhookSettingsSchema } from "../webhooks/index.ts";
import { applyMutation, companyOf, MutationRefused, putCompany, vendorNow, type World } from "../world.ts";
import { addBehaviour } from "./behaviour-routes.ts";
import { bodyText, queryOf } from "./vendor-call.ts";

/** /_control/...: how tests and demos see and change the simulator. Never logged as vendor calls. */
export function addControlRoutes(server: FastifyInstance, world: World): void {
  server.register(
    (control, _options, done) => {
      control.setErrorHandler((error, _request, reply) => {
        if (error instanceof ControlError) return reply.code(error.status).send({ error: error.message });
        if (error instanceof MutationRefused || error instanceof CompanyFileError) {
          return reply.code(400).send({ error: error.message });
        }
        throw error;
      });
      addState(control, world);
      addMutate(control, world);
      addInterventions(control, world);
      addObservation(control, world);
      addBehaviour(control, world, { snapshots: createSnapshots(), jsonBody });
      done();
    },
    { prefix: "/_control" },
  );
}

function jsonBody(request: FastifyRequest): unknown {
  const text = bodyText(request);
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ControlError(`the body is not JSON: ${error instanceof Error ? error.message : ""}`);
  }
}

function companyNamed(world: World, realm: string | undefined): Company {
  const company = companyOf(world, realm);
  if (company === undefined) throw new ControlError(`there is no company ${realm ?? ""}`, 404);
  return company;
}

function addState(control: FastifyInstance, world: World): void {
  control.get("/state", (request) => {
    const { realm } = queryOf(request);
    const chosen = realm === undefined ? [...world.companies.values()] : [companyNamed(world, realm)];
    return {
      now: new Date(world.clock.now()).toISOString(),
      companies: Object.fromEntries(chosen.map((company) => [company.realm, dumpCompany(company)])),
      tokens: {
        grants: [...world.tokens.grants].map(({ realm, clientId, revoked, scopes }) => ({
          realm,
          clientId,
          revoked,
          scopes,
        })),
        accessTokens: world.tokens.access.size,
      },
      webhooks: { waiting: world.webhooks.waiting(), deliveries: world.webhooks.deliveries().length },
    };
  });
  control.post("/seed", { bodyLimit: 512 * 1024 * 1024 }, (request) => {
    const { company, realm } = readControl(seedBody, jsonBody(request));
    const chosen = realm ?? [...world.companies.keys()][0] ?? "";
    putCompany(world, chosen, loadCompany(chosen, company, vendorNow(world)));
    return { realm: chosen };
  });
  control.post("/clock", (request) => {
    const { now, advanceMs, freeze } = readControl(clockBody, jsonBody(request));
    if (now !== undefined) world.clock.set(Date.parse(now));
    if (advanceMs !== undefined) world.clock.advance(advanceMs);
    if (freeze !== undefined) world.clock.freeze(freeze);
    return { now: new Date(world.clock.now()).toISOString() };
  });
}

function addMutate(control: FastifyInstance, world: World): void {
  control.post("/mutate", { bodyLimit: 64 * 1024 * 1024 }, (request) => {
    const given = readControl(mutateBody, jsonBody(request));
    if (!("mutations" in given)) return { entity: applyMutation(world, given) };
    return { entities: given.mutations.map((one, place) => applyAt(world, one, place)) };
  });
}

/** Mutations of a list take effect one after the other; the first that is refused ends it and says which it was. */
function applyAt(world: World, mutation: ReadMutation, place: number) {
  try {
    return applyMutation(world, mutation);
  } catch (error) {
    if (error instanceof MutationRefused) throw new MutationRefused(`mutations.${place}: ${error.message}`);
    throw error;
  }
}

function addInterventions(control: FastifyInstance, world: World): void {
  const { interventions } = world;
  control.post("/gates", (request) => {
    const { operation, entity, nth, at } = readControl(gateBody, jsonBody(request));
    return { id: interventions.addGate({ operation, entity }, nth, at).id };
  });
  const showGate = async (id: string, waitMs: number) => {
    if (waitMs > 0) await interventions.waitForGate(id, waitMs);
    const gate = interventions.gate(id);
    if (gate === undefined) throw new ControlError(`there is no gate ${id}`, 404);
    return { id, state: gate.state, at: gate.at, request: gate.request ?? null };
  };
  control.get<{ Params: { id: string } }>("/gates/:id", (request) =>
    showGate(request.params.id, Math.min(60_000, Number(queryOf(request)["waitMs"] ?? 0) || 0)),
  );
  control.post<{ Params: { id: string } }>("/gates/:id/release", (request) => {
    const { drop } = readControl(releaseBody, jsonBody(request));
    if (!interventions.release(request.params.id, drop)) {
      throw new ControlError(`there is no gate ${request.params.id}`, 404);
    }
    return { state: "released" };
  });
  control.post("/faults", (request) => {
    const { operation, entity, nth, times, status, afterEffect, body, headers } = readControl(
      faultBody,
      jsonBody(request),
    );
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    interventions.addFault({ operation, entity }, nth, times, { status, afterEffect, body: text, headers });
    return { accepted: true };
  });
  control.post("/edits", (request) => {
    const { when, mutate } = readControl(editBody, jsonBody(request));
    const mutations = "mutations" in mutate ? mutate.mutations : [mutate];
    interventions.addEdit({ operation: when.operation, entity: when.entity }, when.nth, when.at, { mutations });
    return { accepted: true };
  });
}

function addObservation(control: FastifyInstance, world: World): void {
  control.get("/log", (request) => ({ requests: world.log.since(Number(queryOf(request)["since"] ?? 0) || 0) }));
  control.delete("/log", () => {
    world.log.clear();
    return { cleared: true };
  });
  control.get("/counters", () => world.log.counters());
  control.get("/openapi.json", () => controlOpenApi());
  control.post("/webhooks", (request) => {
    world.webhooks.configure(readControl(webhookSettingsSchema, jsonBody(request)));
    return { accepted: true };
  });
  control.post("/events", (request) => {
    const { realm, events } = readControl(eventsBody, jsonBody(request));
    const atMs = vendorNow(world);
    const changes = events.map(({ deletedId, ...event }) => {
      const change = { ...event, atMs, ripple: false };
      return deletedId === undefined ? change : Object.assign(change, { deletedId });
    });
    world.webhooks.tell(companyNamed(world, realm).realm, changes);
    return { told: changes.length };
  });
  control.get("/webhooks", () => ({
    waiting: world.webhooks.waiting(),
    deliveries: world.webhooks.deliveries().map(({ id, state, attempts, events }) => ({
      id,
      state,
      attempts,
      status: attempts[attempts.length - 1]?.outcome ?? null,
      events: events.map(({ id, realm, change }) => ({
        id,
        realm,
        entity: change.entity,
        entityId: change.id,
        operation: change.operation,
      })),
    })),
  }));
}
