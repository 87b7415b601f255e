/** A simulator's control port, as simulators/README describes it. */
export function control(url: string) {
  async function call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const answer = await fetch(`${url}/_control/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`control ${path}: ${answer.status} ${text}`);
    return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  }
  return {
    post: (path: string, body: object) => call("POST", path, body),
    get: (path: string) => call("GET", path),
    mutate: (body: object) => call("POST", "mutate", body),
    faults: (body: object) => call("POST", "faults", body),
    async log(): Promise<{ operation: string; method: string; path: string; status: number }[]> {
      return (await call("GET", "log?since=0"))["requests"] as {
        operation: string;
        method: string;
        path: string;
        status: number;
      }[];
    },
  };
}
