import { Refusal } from "./refusal.ts";

/** A cursor is the last row's place in the order, as text that callers give back unread. */
export function cursorOf(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** The place that a cursor stands for. Anything that `cursorOf` did not make is refused. */
export function numberOfCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const [place] = placeOf(cursor);
  if (typeof place !== "number" || !Number.isSafeInteger(place) || place < 0) throw unknownCursor();
  return place;
}

export function textOfCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const [place] = placeOf(cursor);
  if (typeof place !== "string" || place.length > 200) throw unknownCursor();
  return place;
}

/** One page of a list of which one row too many was asked. */
export function pageOf<Row>(rows: readonly Row[], limit: number, place: (last: Row) => string | number) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { shown, next: rows.length > limit && last !== undefined ? cursorOf([place(last)]) : null };
}

function placeOf(cursor: string): unknown[] {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(place)) return place;
  } catch {
    // As any other text that is no cursor.
  }
  throw unknownCursor();
}

function unknownCursor(): Refusal {
  return new Refusal(400, "malformed", "This is no cursor of ours.", {
    whatToDo: "Give back the text of `next` unchanged, or leave `after` out for the first page.",
  });
}
