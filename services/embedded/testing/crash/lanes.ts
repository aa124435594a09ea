import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleCrashHost } from './bundled-host.ts'
import { type CrashScene, openCrashScene } from './scene.ts'

/** Scenes for cases that run side by side; a case has one of them for itself. */
export interface Lanes {
  use<T>(run: (scene: CrashScene) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export const openLanes = async (count: number): Promise<Lanes> => {
  const directory = await mkdtemp(join(tmpdir(), 'crash-host-'))
  const program = join(directory, 'crash-host.mjs')
  await bundleCrashHost(program)
  const scenes = await Promise.all(Array.from({ length: count }, () => openCrashScene(program)))
  const free = [...scenes]
  const waiting: ((scene: CrashScene) => void)[] = []

  const take = (): Promise<CrashScene> => {
    const scene = free.pop()
    return scene ? Promise.resolve(scene) : new Promise((resolve) => waiting.push(resolve))
  }
  const giveBack = (scene: CrashScene): void => {
    const next = waiting.shift()
    if (next) next(scene)
    else free.push(scene)
  }

  return {
    use: async (run) => {
      const scene = await take()
      try {
        return await run(scene)
      } finally {
        giveBack(scene)
      }
    },
    close: async () => {
      await Promise.all(scenes.map((scene) => scene.close()))
      await rm(directory, { recursive: true, force: true })
    },
  }
}
