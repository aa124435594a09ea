import { services } from './services.ts'

export const usage = `Usage: npm run bus -- topology [--mermaid] | provision | doctor
       npm run bus -- dlq ls | show <id> | redrive <id...> | redrive --all | drop <id...> [--queue NAME]`

export const helpText = `${usage}

  topology   prints queues and rules as the contracts want them; --mermaid as a diagram. Needs nothing that runs
  provision  makes them at an emulator (AWS_ENDPOINT_URL); production gets them by "npx sst deploy"
  doctor     examines a running platform, and its queues where AWS_ENDPOINT_URL or AWS_REGION is given;
             each finding says what to do
  dlq        looks after the messages that were given up: by a consumer (each service keeps its own), or by the
             queue service, because consumers died of them or a rule could not deliver them
    ls       lists them, oldest first
    show     prints one with its envelope
    redrive  hands them to the consumer that failed, and to no other; what fails again is kept.
             With --queue NAME --all the queue service moves that whole dead-letter queue back
    drop     deletes them for good; with --queue NAME --all that whole dead-letter queue

Options
  --service NAME       dlq: of one service only (${services.join(', ')})
  --queue NAME         dlq: of this dead-letter queue only
  --all                dlq: every one that is there
  --functions          topology, doctor: the services run as functions, whose queues hide a message longer
  --url URL            the platform (default http://127.0.0.1:3000)
  --data DIR           its data directory, whose credentials.json holds the administrator's login (default .data)
  --email, --password  another administrator's login
  --help               this text

Variables
  AWS_ENDPOINT_URL     the emulator of the local stack (http://127.0.0.1:3004 unless --port said otherwise)
  AWS_REGION           AWS itself, with the credentials of this machine
  QUEUE_PREFIX         what the names of the queues begin with (default edtech)
  REPLY_SLOTS          reply queues of each service (default 8)

Exit code: 0 done and well, 1 something could not be done or is wrong, 2 wrong usage.`
