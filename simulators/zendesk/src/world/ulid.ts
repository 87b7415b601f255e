import type { Random } from "./random.ts";

const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** 26 characters: ten of time, sixteen of chance (Crockford's base 32). Webhooks, invocations and merges have such ids. */
export function ulid(timeMs: number, random: Random): string {
  let time = Math.max(0, Math.floor(timeMs));
  let head = "";
  for (let index = 0; index < 10; index += 1) {
    head = digits.charAt(time % 32) + head;
    time = Math.floor(time / 32);
  }
  let tail = "";
  for (let index = 0; index < 16; index += 1) tail += digits.charAt(Math.floor(random.next() * 32));
  return head + tail;
}
