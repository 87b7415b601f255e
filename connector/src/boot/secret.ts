import { inspect } from "node:util";

const shown = "[secret]";

/** A value that does not print: in logs, JSON, templates and inspection it shows as `[secret]`. Only `reveal()` gives it away. */
export class Secret<Value = string> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  reveal(): Value {
    return this.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}
