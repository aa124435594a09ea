CREATE TABLE "learning"."quiz_attempts" (
	"id" text PRIMARY KEY NOT NULL,
	"quiz_id" text NOT NULL,
	"lesson_id" text NOT NULL,
	"student_id" text NOT NULL,
	"number" integer NOT NULL,
	"questions" jsonb NOT NULL,
	"pass_percent" integer NOT NULL,
	"started_at" timestamp(3) with time zone NOT NULL,
	"deadline_at" timestamp(3) with time zone,
	"status" text NOT NULL,
	"answers" jsonb,
	"score" integer,
	"passed" boolean,
	"graded_at" timestamp(3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "attempt_status_known" CHECK ("learning"."quiz_attempts"."status" in ('OPEN', 'GRADED')),
	CONSTRAINT "attempt_state_complete" CHECK (num_nonnulls("learning"."quiz_attempts"."answers", "learning"."quiz_attempts"."score", "learning"."quiz_attempts"."passed", "learning"."quiz_attempts"."graded_at") = case "learning"."quiz_attempts"."status" when 'GRADED' then 4 else 0 end)
);
--> statement-breakpoint
CREATE TABLE "learning"."quizzes" (
	"id" text PRIMARY KEY NOT NULL,
	"course_id" text NOT NULL,
	"lesson_id" text NOT NULL,
	"title" text NOT NULL,
	"questions" jsonb NOT NULL,
	"questions_per_attempt" integer,
	"max_attempts" integer,
	"time_limit_seconds" integer,
	"pass_percent" integer NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "quiz_pass_percent" CHECK ("learning"."quizzes"."pass_percent" between 0 and 100)
);
--> statement-breakpoint
ALTER TABLE "learning"."quiz_attempts" ADD CONSTRAINT "attempts_of_quiz" FOREIGN KEY ("quiz_id") REFERENCES "learning"."quizzes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "learning"."quizzes" ADD CONSTRAINT "quizzes_of_course" FOREIGN KEY ("course_id") REFERENCES "learning"."courses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "quiz_attempts_once" ON "learning"."quiz_attempts" USING btree ("quiz_id","student_id","number");--> statement-breakpoint
CREATE UNIQUE INDEX "quizzes_one_of_lesson" ON "learning"."quizzes" USING btree ("lesson_id");--> statement-breakpoint
CREATE INDEX "quizzes_of_course_listed" ON "learning"."quizzes" USING btree ("course_id");--> statement-breakpoint
CREATE INDEX "curricula_by_content" ON "learning"."curricula" USING gin ("sections" jsonb_path_ops);