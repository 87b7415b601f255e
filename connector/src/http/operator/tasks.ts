import type { Json, JsonObject } from "../../domain/index.ts";
import { explainFault } from "./explain-fault.ts";
import type { NewTask, StoredTask, TaskError, TaskProgress, TaskStore } from "./ports.ts";
import { Refusal } from "./refusal.ts";

/** More at once on one connection would only wait for each other. */
const mostRunning = 8;
/** Progress is written so often; the store takes a task for interrupted once this has been missed many times. */
const noteMs = 1_000;
/** A stop waits so long for work that cannot be cut short; what it asked of the engine goes on without it. */
const stopMs = 3_000;

export interface TaskWork {
  report(progress: Partial<TaskProgress>): void;
  /** Ends when the service stops: long work looks at it between its steps. */
  signal: AbortSignal;
}

/** Work that outlasts a request: it is kept in the database, so that any process tells how far it is. */
export class Tasks {
  readonly #store: TaskStore;
  readonly #fail: (fault: unknown, taskId: string) => void;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();

  /** `fail` hears of faults of ours. */
  constructor(options: { store: TaskStore; fail: (fault: unknown, taskId: string) => void }) {
    this.#store = options.store;
    this.#fail = options.fail;
  }

  /** Begins it, unless the same request has begun it before. Throws Refusal. */
  async start(asked: Omit<NewTask, "progress">, work: (around: TaskWork) => Promise<JsonObject>): Promise<StoredTask> {
    if (this.#stop.signal.aborted) throw new Refusal(503, "unavailable", "The service is stopping.");
    const progress: TaskProgress = { stage: asked.kind, done: 0, total: null, says: "" };
    const begun = await this.#store.begin({ ...asked, progress }, mostRunning);
    switch (begun.kind) {
      case "known":
        if (begun.same) return begun.task;
        throw new Refusal(409, "conflict", "This Idempotency-Key was used for another request.");
      case "busy":
        throw new Refusal(429, "too-many-requests", `${begun.running} pieces of work run on this connection already.`, {
          whatToDo: "Wait until one of them is done.",
          retryAfterMs: 5_000,
        });
      case "begun": {
        const run = this.#run(begun.task, work).finally(() => this.#running.delete(run));
        this.#running.add(run);
        return begun.task;
      }
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, stopMs);
    });
    await Promise.race([Promise.all(this.#running), late]);
    clearTimeout(timer);
  }

  async #run(task: StoredTask, work: (around: TaskWork) => Promise<JsonObject>): Promise<void> {
    let progress = task.progress;
    const signal = this.#stop.signal;
    const noting = setInterval(() => {
      // A note that is lost is made up by the next one.
      this.#store.note(task.id, progress).catch(() => undefined);
    }, noteMs);
    try {
      const result = await work({ report: (more) => void (progress = { ...progress, ...more }), signal });
      await this.#store.note(task.id, progress);
      await this.#store.finish(task.id, result);
    } catch (fault) {
      await this.#end(task.id, fault).catch((later: unknown) => this.#fail(later, task.id));
    } finally {
      clearInterval(noting);
    }
  }

  async #end(id: string, fault: unknown): Promise<void> {
    if (this.#stop.signal.aborted) return this.#store.abandon(id);
    const explained = explainFault(fault);
    if (!explained) this.#fail(fault, id);
    await this.#store.fail(id, errorOf(explained));
  }
}

function errorOf(explained: Refusal | undefined): TaskError {
  return explained
    ? { code: explained.code, says: explained.message, whatToDo: explained.whatToDo ?? null }
    : { code: "fault", says: "Something went wrong here.", whatToDo: "The log has the details under the task's id." };
}

/** Only what JSON has, as the store takes it. */
export function asJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject; // made by JSON itself
}

export function askedOf(body: object | undefined): Json {
  return body === undefined ? null : asJson(body);
}
