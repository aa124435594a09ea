import { services } from './services.ts'

export const usage = 'Usage: npm run bus -- dlq ls | show <id> | redrive <id...> | redrive --all | drop <id...>'

export const helpText = `${usage}

Looks after the messages that a consumer of a running platform has given up.
  ls       lists them, oldest first
  show     prints one with its envelope
  redrive  hands them to the consumer that failed, and to no other; what fails again is kept
  drop     deletes them for good

Options
  --service NAME       of one service only (${services.join(', ')})
  --all                redrive: every one that is there
  --url URL            the platform (default http://127.0.0.1:3000)
  --data DIR           its data directory, whose credentials.json holds the administrator's login (default .data)
  --email, --password  another administrator's login
  --help               this text

Exit code: 0 done, 1 something could not be done, 2 wrong usage.`
