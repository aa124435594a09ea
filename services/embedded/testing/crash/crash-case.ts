import { type Kill, startCrashingPlatform } from './crashing-platform.ts'
import type { DisturbanceName } from './disturbance.ts'
import { liveThrough } from './live-through.ts'
import type { CrashScene } from './scene.ts'

/**
 * Lives through the journeys of an enrollment while processes die where `kills` says. Fails where an invariant does not
 * hold afterwards; returns where processes died.
 */
export const runCrashCase = async (
  scene: CrashScene,
  disturb: DisturbanceName,
  kills: readonly Kill[],
): Promise<readonly Kill[]> => {
  const { test, port, program } = scene
  const platform = startCrashingPlatform(program, {
    database: test.databaseUrl,
    sandbox: test.sandbox.baseUrl,
    port,
    directory: test.directory,
    disturb,
    kills,
  })
  try {
    await Promise.race([liveThrough(scene, platform), platform.broken])
  } finally {
    await platform.end()
  }
  return platform.killed
}
