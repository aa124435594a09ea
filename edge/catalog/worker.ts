import { createWorker } from './app.ts'

// The module of a Worker exports its handlers and nothing else.
export default createWorker()
