import { environment } from '#services/kit/config.ts'
import { type PlatformUnderTest, startTestPlatform, type TestPlatformOptions } from './platform.ts'

/**
 * The platform that this run is about: all in one process, or with `PLATFORM=stack` a process for each service. What a
 * suite that starts it says holds for both.
 */
export const startPlatformUnderTest = async (
  options: Pick<TestPlatformOptions, 'catalog'> = {},
): Promise<PlatformUnderTest> => {
  if (environment['PLATFORM'] !== 'stack') return startTestPlatform(options)
  const { startTestStack } = await import('#docker/testing/test-stack.ts')
  return startTestStack()
}
