// The package ships no types: its default export is the list of domains of all mail providers it knows.
declare module "email-providers" {
  const domains: readonly string[];
  export default domains;
}
