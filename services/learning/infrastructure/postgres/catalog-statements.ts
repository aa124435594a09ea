import { REVIEWS_SHOWN } from '#edge/read-models/course-view.ts'

/**
 * The revision of what the catalog shows of a course: the sum of the counters of everything that goes into it. Each
 * counter rises in the transaction that changes its part (the course, its runs, a run that fills or frees, the tutor's
 * public name, the reviews), and nothing is ever removed, so the sum rises with every change and cannot be forgotten.
 */
const revisionOf = (course: string): string => `(${course}.version
  + (select coalesce(sum(r.version + r.fullness_changes), 0) from learning.course_runs r where r.course_id = ${course}.id)
  + coalesce((select n.changes from learning.tutor_names n where n.tutor_id = ${course}.tutor_id), 0)
  + coalesce((select t.version from learning.course_ratings t where t.course_id = ${course}.id), 0))::int`

/** Of every course that was ever public. */
export const REVISIONS = `
  select c.id, (c.version + coalesce(r.changes, 0) + coalesce(n.changes, 0) + coalesce(t.version, 0))::int as revision
  from learning.courses c
  left join (select course_id, sum(version + fullness_changes) as changes from learning.course_runs group by course_id) r
    on r.course_id = c.id
  left join learning.tutor_names n on n.tutor_id = c.tutor_id
  left join learning.course_ratings t on t.course_id = c.id
  where c.status <> 'DRAFT'`

export const REVISION = `
  select c.id, ${revisionOf('c')} as revision from learning.courses c where c.id = $1 and c.status <> 'DRAFT'`

/** An instant inside JSON, in its one form. */
const instant = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const RUNS = `
  select json_agg(json_build_object(
    'courseRunId', r.id, 'startsAt', ${instant('r.starts_at')}, 'endsAt', ${instant('r.ends_at')},
    'enrollmentOpensAt', ${instant('r.enrollment_opens_at')}, 'enrollmentClosesAt', ${instant('r.enrollment_closes_at')},
    'price', json_build_object('amount', r.price_amount, 'currency', r.price_currency), 'pacing', r.pacing,
    'full', r.seats_taken + r.seats_held >= r.capacity) order by r.starts_at, r.id)
  from (
    select * from learning.course_runs where course_id = c.id and status = 'OPEN' order by id desc limit 100
  ) r`

/** Titles only: what the lessons hold is for learners. */
const SECTIONS = `
  select json_agg(json_build_object('title', s.value->'title', 'lessons', coalesce(
    (select json_agg(json_build_object('title', l.value->'title') order by l.ordinality)
      from jsonb_array_elements(s.value->'lessons') with ordinality l), '[]')) order by s.ordinality)
  from jsonb_array_elements(cu.published_sections) with ordinality s`

/** All of them, however many: one that were left out would go on showing the page that it had. */
const FORMER_SLUGS = `
  select json_agg(f.slug order by f.slug) from learning.course_slugs f where f.course_id = c.id and f.slug <> c.slug`

/** The newest of those that are seen. */
const REVIEWS = `
  select json_agg(json_strip_nulls(json_build_object('reviewId', v.id, 'stars', v.stars, 'text', v.text,
    'submittedAt', ${instant('v.submitted_at')}, 'editedAt', ${instant('v.edited_at')},
    'reply', case when v.reply_text is not null then
      json_build_object('text', v.reply_text, 'at', ${instant('v.replied_at')}) end)) order by v.id desc)
  from (
    select * from learning.reviews where course_id = c.id and status = 'PUBLISHED' order by id desc limit ${REVIEWS_SHOWN}
  ) v`

/** View and revision in one statement, which is one snapshot. */
export const VIEW = `
  select json_build_object(
    'courseId', c.id, 'revision', ${revisionOf('c')}, 'status', lower(c.status), 'slug', c.slug,
    'formerSlugs', coalesce((${FORMER_SLUGS}), '[]'), 'title', c.title, 'summary', c.summary,
    'description', c.description, 'subject', json_build_object('slug', s.slug, 'name', s.name), 'level', c.level,
    'language', c.language, 'tutorId', c.tutor_id,
    'tutorName', case when n.tutor_id is not null then json_build_object('name', n.name, 'slug', n.slug) end,
    'runs', coalesce((${RUNS}), '[]'), 'sections', coalesce((${SECTIONS}), '[]'),
    'histogram', t.histogram, 'reviews', coalesce((${REVIEWS}), '[]'),
    'publishedAt', ${instant('c.published_at')}, 'updatedAt', ${instant('c.updated_at')}) as view
  from learning.courses c
  join learning.subjects s on s.slug = c.subject
  left join learning.curricula cu on cu.course_id = c.id
  left join learning.tutor_names n on n.tutor_id = c.tutor_id
  left join learning.course_ratings t on t.course_id = c.id
  where c.id = $1 and c.status <> 'DRAFT'`

export const SUBJECTS = 'select slug, name, parent from learning.subjects order by slug'
