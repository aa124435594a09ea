// Answers with the bindings that it was given.
export default {
  fetch: (_: Request, env: Readonly<Record<string, string>>) => Response.json(env),
}
