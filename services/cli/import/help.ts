import { z } from 'zod'
import { CourseImport, CourseImportResults, maxBatchItems } from './course-import-schema.ts'

export const usage = `Usage: npm run import -- courses [options] <file...>
       npm run import -- quiz --lesson ID [options] <file>`

export function helpText(): string {
  return `${usage}

Loads lists of free courses, in Markdown as free-programming-books publishes them, into a running platform: headings
are subjects, list items are links to courses. A URL that repeats counts once, where it stands first. Loading a list
again changes nothing. What could not be used is reported as file:line: reason.

A quiz comes from a file in Moodle's GIFT format: choices, true or false, numbers and short answers. It replaces the quiz
that the lesson has. A question that has no counterpart here is reported as file:line: title: reason.

Options
  --url URL            the platform (default http://127.0.0.1:3000)
  --data DIR           its data directory, whose credentials.json holds the administrator's login (default .data)
  --email, --password  another administrator's login
  --language TAG       the language of the courses (BCP 47), where the file name does not say it: free-courses-fa_IR.md
  --lesson ID          the lesson of the quiz
  --title TEXT         its title (default: the category that the file names last, else the name of the file)
  --per-attempt N      how many questions an attempt draws (default: all of them)
  --attempts N         how often a learner may try (default: any number of times)
  --pass PERCENT       how much is to be right to pass (default 60)
  --help               this text

Exit code: 0 everything was loaded or reported, 1 something could not be read or sent, 2 wrong usage.

Each batch of at most ${maxBatchItems} courses goes to POST /v1/course-imports with an Idempotency-Key. Its body, as JSON Schema:
${jsonSchema(CourseImport)}

The answer:
${jsonSchema(CourseImportResults)}`
}

const jsonSchema = (schema: z.ZodType) => JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)
