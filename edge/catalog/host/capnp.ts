import { basename } from 'node:path'

const COMPATIBILITY_DATE = '2026-10-01'

/** Configuration of workerd beside the bundle. Values of bindings come from the environment: no secret on the disk. */
export const capnp = (
  bundle: string,
  bindings: readonly string[],
): string => `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = (
      modules = [(name = "worker.js", esModule = embed ${text(basename(bundle))})],
      compatibilityDate = "${COMPATIBILITY_DATE}",
      globalOutbound = "network",
      bindings = [${bindings.map((name) => `(name = ${text(name)}, fromEnvironment = ${text(name)})`).join(', ')}])),
    (name = "network", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true)))],
  sockets = [(name = "http", http = (), service = "worker")]
);
`

/** JSON and Cap'n Proto escape text alike. */
const text = (value: string) => JSON.stringify(value)
