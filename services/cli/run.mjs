// The door to every npm script. It runs on the Node that the machine has (20 or later), installs the packages that the
// lockfile names, and runs its target on Node 24, which on Linux comes with those packages.
//   node services/cli/run.mjs <file.ts | tool> [arguments]
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import module from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const bin = join(root, 'node_modules', '.bin')
// 24.7 is the first Node with argon2 in node:crypto.
const oldestNode = [24, 7]

/** An expected failure: its message is all that a person needs to see. */
class Refusal extends Error {}

function packagesOf(lockfile) {
  try {
    return JSON.parse(readFileSync(join(root, lockfile), 'utf8')).packages
  } catch {
    return undefined
  }
}

/** npm writes what it installed to node_modules/.package-lock.json; packages for other systems are left out of it. */
function isInstalled() {
  const wanted = packagesOf('package-lock.json')
  const installed = packagesOf('node_modules/.package-lock.json')
  if (!wanted || !installed) return false
  const nothingMissing = Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || installed[path]?.version === entry.version,
  )
  return nothingMissing && Object.entries(installed).every(([path, entry]) => wanted[path]?.version === entry.version)
}

function install() {
  console.error('Installing the packages of package-lock.json (npm ci) ...')
  const npm = process.env.npm_execpath
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  const options = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  // npm ci prints a summary of its own; standard output belongs to the target.
  const { status, error } = spawnSync(command, [...first, ...options], { cwd: root, stdio: ['ignore', 2, 2] })
  if (error) throw new Refusal(`npm could not be started: ${error.message}. Install npm, or run "npm ci" by hand.`)
  if (status !== 0) throw new Refusal('npm ci failed; its own message is above.')
}

function isRecent(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
}

function newerNode() {
  const brought = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (existsSync(brought)) return brought
  throw new Refusal(
    `Node ${oldestNode.join('.')} or later is needed; this is ${process.versions.node}. ` +
      'On Linux it comes with the packages (optionalDependencies); elsewhere install Node 24 and run this again.',
  )
}

function findTarget(name) {
  const target = name.endsWith('.ts') ? join(root, name) : join(bin, name)
  if (!existsSync(target)) throw new Refusal(`There is no ${name} to run.`)
  return realpathSync(target)
}

/** On a recent Node the target runs in this very process: no child, so signals and exit codes are its own. */
async function runHere(target, args) {
  process.argv = [process.execPath, target, ...args]
  await import(pathToFileURL(target).href)
}

function runOn(node, target, args) {
  const child = spawn(node, [target, ...args], { stdio: 'inherit' })
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  // Ctrl-C reaches every process of the terminal's foreground group, so the child has it already.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  child.on('error', (error) => refuse(`${node} could not be started: ${error.message}`))
  child.on('exit', (code, signal) => {
    if (!signal) return process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function refuse(message) {
  console.error(message)
  process.exit(1)
}

const [name, ...args] = process.argv.slice(2)
try {
  if (!name) throw new Refusal('Usage: node services/cli/run.mjs <file.ts | tool> [arguments]')
  if (!isInstalled()) install()
  const here = isRecent(process.versions.node)
  const node = here ? process.execPath : newerNode()
  process.env.PATH = [dirname(node), bin, process.env.PATH].join(delimiter)
  // Modules are stripped of their types and compiled once: the next start is a third shorter.
  process.env.NODE_COMPILE_CACHE ??= join(root, '.cache', 'compiled')
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE)
  const target = findTarget(name)
  if (here) await runHere(target, args)
  else runOn(node, target, args)
} catch (error) {
  if (!(error instanceof Refusal)) throw error
  refuse(error.message)
}
