// HTTP: the routes of the vendor's hosts and of the control port, and how one call goes from arrival to answer.
// Not what is answered: that is api/, oauth/ and control/.
// Called by start.ts.
export { createServer } from "./server.ts";
