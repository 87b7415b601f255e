import { Agent, request } from "undici";

/** Sends one delivery; answers the status as text, or the name of what went wrong. Never throws. */
export type PostWebhook = (delivery: {
  url: string;
  body: string;
  headers: Readonly<Record<string, string>>;
}) => Promise<string>;

// A 200 within 3 seconds, otherwise a failure (docs/develop/webhooks/best-practices).
const patienceMs = 3000;

export function createPostWebhook(): { post: PostWebhook; close(): Promise<void> } {
  const agent = new Agent({ connect: { timeout: patienceMs }, keepAliveTimeout: 10_000 });
  return {
    async post({ url, body, headers }) {
      try {
        const signal = AbortSignal.timeout(patienceMs);
        const answer = await request(url, { method: "POST", body, headers, dispatcher: agent, signal });
        await answer.body.dump();
        return String(answer.statusCode);
      } catch (error) {
        if (!(error instanceof Error)) return "failed";
        if (error.name === "TimeoutError" || error.name === "AbortError") return "timeout";
        return "code" in error && typeof error.code === "string" ? error.code : error.name;
      }
    },
    close: () => agent.destroy(),
  };
}
