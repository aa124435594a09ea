// The learning service as a process of its own.
import { runContainer } from '#services/kit/hosts/container.ts'
import { learning } from './service.ts'

await runContainer(learning)
