CREATE TABLE "learning"."certificates" (
	"id" text PRIMARY KEY NOT NULL,
	"enrollment_id" text NOT NULL,
	"course_id" text NOT NULL,
	"student_id" text NOT NULL,
	"verify_code" text NOT NULL,
	"learner_name" text NOT NULL,
	"course_title" text NOT NULL,
	"issued_at" timestamp(3) with time zone NOT NULL,
	"status" text NOT NULL,
	"revoked_at" timestamp(3) with time zone,
	"revocation_reason" text,
	"version" integer NOT NULL,
	CONSTRAINT "certificate_status_known" CHECK ("learning"."certificates"."status" in ('ISSUED', 'REVOKED')),
	CONSTRAINT "certificate_state_complete" CHECK (num_nonnulls("learning"."certificates"."revoked_at", "learning"."certificates"."revocation_reason") = case "learning"."certificates"."status" when 'REVOKED' then 2 else 0 end)
);
--> statement-breakpoint
CREATE TABLE "learning"."enrollment_progress" (
	"enrollment_id" text PRIMARY KEY NOT NULL,
	"course_id" text NOT NULL,
	"student_id" text NOT NULL,
	"finished_at" timestamp(3) with time zone,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "learning"."lesson_progress" (
	"enrollment_id" text NOT NULL,
	"lesson_id" text NOT NULL,
	"completed_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "lesson_progress_once" PRIMARY KEY("enrollment_id","lesson_id")
);
--> statement-breakpoint
ALTER TABLE "learning"."certificates" ADD CONSTRAINT "certificates_of_enrollment" FOREIGN KEY ("enrollment_id") REFERENCES "learning"."enrollments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "learning"."enrollment_progress" ADD CONSTRAINT "progress_of_enrollment" FOREIGN KEY ("enrollment_id") REFERENCES "learning"."enrollments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "learning"."lesson_progress" ADD CONSTRAINT "lessons_of_progress" FOREIGN KEY ("enrollment_id") REFERENCES "learning"."enrollment_progress"("enrollment_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "certificates_one_for_enrollment" ON "learning"."certificates" USING btree ("enrollment_id");--> statement-breakpoint
CREATE UNIQUE INDEX "certificates_by_code" ON "learning"."certificates" USING btree ("verify_code");--> statement-breakpoint
CREATE INDEX "certificates_of_student" ON "learning"."certificates" USING btree ("student_id");--> statement-breakpoint
CREATE INDEX "enrollment_progress_of_student" ON "learning"."enrollment_progress" USING btree ("course_id","student_id");