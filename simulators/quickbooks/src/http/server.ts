import fastify, { type FastifyInstance } from "fastify";
import type { World } from "../world.ts";
import { addCompanyRoutes } from "./company-routes.ts";
import { addControlRoutes } from "./control-routes.ts";
import { addOAuthRoutes } from "./oauth-routes.ts";
import { addPageRoutes } from "./page-routes.ts";

const largestBody = 16 * 1024 * 1024;

/** The one server that stands for all of the vendor's hosts. Bodies come in raw: queries are posted as any content type. */
export function createServer(world: World): FastifyInstance {
  const server = fastify({
    bodyLimit: largestBody,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4096 },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  addOAuthRoutes(server, world);
  addCompanyRoutes(server, world);
  addControlRoutes(server, world);
  addPageRoutes(server, world);
  refuseForeignPages(server);
  server.setNotFoundHandler((request, reply) =>
    reply.code(501).send({
      error: "not built in this simulator",
      operation: `${request.method} ${request.url.split("?", 1)[0] ?? ""}`,
    }),
  );
  return server;
}

/** A page of somebody else's, open in the same browser, must not steer the simulator. */
function refuseForeignPages(server: FastifyInstance): void {
  server.addHook("onRequest", (request, reply, done) => {
    const { origin, host } = request.headers;
    const isForeign = origin !== undefined && origin !== `http://${host ?? ""}`;
    if (isForeign && !request.url.startsWith("/v3/") && request.method !== "GET") {
      reply.code(403).send({ error: "requests of other sites' pages are refused" });
      return;
    }
    done();
  });
}
