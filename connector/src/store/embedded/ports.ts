/** Where the supervisor says what it did. pino's logger is one. */
export interface SupervisorLog {
  info(details: object, says: string): void;
  warn(details: object, says: string): void;
  error(details: object, says: string): void;
}
