// The vendor's XML: the same answers in the form that is its default.
// Not a parser: requests come as JSON.
// Called by http/.
export { toXml } from "./to-xml.ts";
