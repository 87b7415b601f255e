// The operator API as a program uses it: one caller, JSON in and out, every answer checked against the contract.
import { readFileSync } from "node:fs";
import path from "node:path";
import {
  type ApiError,
  apiError,
  type Operation,
  type OperationId,
  operations,
  type Task,
  task,
} from "@ml-connector/contract";
import { eventually } from "../harness/eventually.ts";

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  body: unknown;
}

export interface Asked {
  params?: Record<string, string | number>;
  query?: Record<string, string | number>;
  body?: unknown;
  headers?: Record<string, string>;
}

export type Api = ReturnType<typeof createApi>;

export function keyIn(folder: string): string {
  return readFileSync(path.join(folder, "operator-key"), "utf8").trim();
}

export function createApi(base: string, proof: Record<string, string>) {
  async function raw(method: string, address: string, asked: Asked = {}): Promise<Reply> {
    const answer = await fetch(`${base}${address}`, {
      method,
      redirect: "manual",
      headers: {
        ...(asked.body === undefined ? {} : { "content-type": "application/json" }),
        ...proof,
        ...asked.headers,
      },
      ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get("content-type")?.startsWith("application/json") ?? false;
    return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : undefined };
  }

  async function send(id: OperationId, asked: Asked = {}): Promise<Reply> {
    const operation: Operation = operations[id];
    return raw(operation.method, addressOf(operation, asked), asked);
  }

  return {
    raw,
    send,

    /** The status of an answer whose body is not read. */
    async head(address: string): Promise<number> {
      const stop = new AbortController();
      const { status } = await fetch(`${base}${address}`, { headers: proof, signal: stop.signal });
      stop.abort();
      return status;
    },

    /** The answer of a call that has to succeed, as the contract promises it. */
    async call<Id extends OperationId>(id: Id, asked: Asked = {}) {
      const { answer }: Operation = operations[id];
      const reply = await send(id, asked);
      if (reply.status !== answer.status) throw new Error(`${id} answered ${reply.status}: ${reply.text}`);
      const said = answer.kind === "json" ? answer.schema.parse(reply.body) : reply.text;
      return said as Said<Id>; // parsed by the schema of this very operation
    },

    /** The error of a call that has to be refused. */
    async refusal(id: OperationId, asked: Asked = {}): Promise<ApiError["error"] & { status: number }> {
      const reply = await send(id, asked);
      return { status: reply.status, ...apiError.parse(reply.body).error };
    },

    /** A task, when it has ended. */
    async ended(begun: Task): Promise<Task> {
      let latest = begun;
      await eventually(async () => {
        const { connectionId, id } = begun;
        latest = task.parse((await send("readTask", { params: { connectionId, taskId: id } })).body);
        return latest.state !== "running";
      }, 60_000);
      return latest;
    },
  };
}

type Said<Id extends OperationId> = (typeof operations)[Id]["answer"] extends { kind: "json"; schema: infer Schema }
  ? Schema extends { _output: infer Output }
    ? Output
    : never
  : string;

export function addressOf(operation: Operation, { params = {}, query = {} }: Asked): string {
  const pathText = operation.path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return `/api/v1${pathText}${search === "" ? "" : `?${search}`}`;
}
