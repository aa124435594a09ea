// The payment service as a process of its own.
import { runContainer } from '#services/kit/hosts/container.ts'
import { payment } from './service.ts'

await runContainer(payment)
