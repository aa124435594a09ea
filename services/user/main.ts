// The user service as a process of its own.
import { runContainer } from '#services/kit/hosts/container.ts'
import { user } from './service.ts'

await runContainer(user)
