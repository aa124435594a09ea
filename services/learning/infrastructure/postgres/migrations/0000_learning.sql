CREATE SCHEMA IF NOT EXISTS "learning";
--> statement-breakpoint
CREATE TABLE "learning"."course_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"course_id" text NOT NULL,
	"status" text NOT NULL,
	"price_amount" integer NOT NULL,
	"price_currency" text NOT NULL,
	"capacity" integer NOT NULL,
	"seats_taken" integer DEFAULT 0 NOT NULL,
	"seats_held" integer DEFAULT 0 NOT NULL,
	"fullness_changes" integer DEFAULT 0 NOT NULL,
	"starts_at" timestamp(3) with time zone NOT NULL,
	"ends_at" timestamp(3) with time zone NOT NULL,
	"enrollment_opens_at" timestamp(3) with time zone NOT NULL,
	"enrollment_closes_at" timestamp(3) with time zone NOT NULL,
	"pacing" text NOT NULL,
	"closed_at" timestamp(3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "course_run_status_known" CHECK ("learning"."course_runs"."status" in ('OPEN', 'CLOSED')),
	CONSTRAINT "course_run_pacing_known" CHECK ("learning"."course_runs"."pacing" in ('self_paced', 'instructor_paced')),
	CONSTRAINT "course_run_price_not_negative" CHECK ("learning"."course_runs"."price_amount" >= 0),
	CONSTRAINT "course_run_seats_counted" CHECK ("learning"."course_runs"."seats_taken" >= 0 and "learning"."course_runs"."seats_held" >= 0),
	CONSTRAINT "course_run_seats_within_capacity" CHECK ("learning"."course_runs"."seats_taken" + "learning"."course_runs"."seats_held" <= "learning"."course_runs"."capacity")
);
--> statement-breakpoint
CREATE TABLE "learning"."course_slugs" (
	"slug" text PRIMARY KEY NOT NULL,
	"course_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "learning"."courses" (
	"id" text PRIMARY KEY NOT NULL,
	"tutor_id" text NOT NULL,
	"slug" text NOT NULL,
	"status" text NOT NULL,
	"title" text,
	"summary" text,
	"description" text,
	"subject" text,
	"language" text NOT NULL,
	"level" text,
	"external_url" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	"published_at" timestamp(3) with time zone,
	"archived_at" timestamp(3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "course_status_known" CHECK ("learning"."courses"."status" in ('DRAFT', 'PUBLISHED', 'ARCHIVED')),
	CONSTRAINT "course_public_complete" CHECK ("learning"."courses"."status" = 'DRAFT' or num_nulls("learning"."courses"."title", "learning"."courses"."subject", "learning"."courses"."published_at") = 0)
);
--> statement-breakpoint
CREATE TABLE "learning"."curricula" (
	"course_id" text PRIMARY KEY NOT NULL,
	"sections" jsonb NOT NULL,
	"published_sections" jsonb,
	"published_revision" integer,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "learning"."dead_letters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"consumer" text NOT NULL,
	"message_id" text NOT NULL,
	"type" text NOT NULL,
	"key" text NOT NULL,
	"envelope" text NOT NULL,
	"reason" text NOT NULL,
	"failed_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "learning"."enrollment_grants" (
	"source" text NOT NULL,
	"ref" text NOT NULL,
	"enrollment_id" text NOT NULL,
	"valid_from" timestamp(3) with time zone NOT NULL,
	"valid_until" timestamp(3) with time zone,
	"revoked_at" timestamp(3) with time zone,
	CONSTRAINT "enrollment_grants_once" PRIMARY KEY("source","ref"),
	CONSTRAINT "grant_source_known" CHECK ("learning"."enrollment_grants"."source" in ('purchase', 'free', 'admin', 'voucher'))
);
--> statement-breakpoint
CREATE TABLE "learning"."enrollments" (
	"id" text PRIMARY KEY NOT NULL,
	"course_id" text NOT NULL,
	"course_run_id" text NOT NULL,
	"student_id" text NOT NULL,
	"status" text NOT NULL,
	"price_amount" integer NOT NULL,
	"price_currency" text NOT NULL,
	"requested_at" timestamp(3) with time zone NOT NULL,
	"payment_id" text,
	"completed_at" timestamp(3) with time zone,
	"cancelled_at" timestamp(3) with time zone,
	"end_reason" text,
	"expired_at" timestamp(3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "enrollment_status_known" CHECK ("learning"."enrollments"."status" in ('PENDING', 'ACTIVE', 'COMPLETED', 'CANCELLED', 'EXPIRED'))
);
--> statement-breakpoint
CREATE TABLE "learning"."held_keys" (
	"key" text PRIMARY KEY NOT NULL,
	"attempts" integer NOT NULL,
	"until" timestamp(3) with time zone NOT NULL,
	"reason" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "learning"."idempotency_keys" (
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"answer" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_scope_key_pk" PRIMARY KEY("scope","key")
);
--> statement-breakpoint
CREATE TABLE "learning"."imported_courses" (
	"url_key" text PRIMARY KEY NOT NULL,
	"course_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "learning"."inbox" (
	"consumer" text NOT NULL,
	"id" text NOT NULL,
	"reply" text,
	"received_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "inbox_consumer_id_pk" PRIMARY KEY("consumer","id")
);
--> statement-breakpoint
CREATE TABLE "learning"."outbox" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"shard" integer NOT NULL,
	"key" text NOT NULL,
	"route" text NOT NULL,
	"type" text NOT NULL,
	"envelope" text NOT NULL,
	"written_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "outbox_shard_known" CHECK ("learning"."outbox"."shard" between 0 and 15)
);
--> statement-breakpoint
CREATE TABLE "learning"."saga" (
	"type" text NOT NULL,
	"key" text NOT NULL,
	"version" integer NOT NULL,
	"status" text NOT NULL,
	"step" text NOT NULL,
	"instance" jsonb NOT NULL,
	"due_at" timestamp(3) with time zone,
	"started_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "saga_type_key_pk" PRIMARY KEY("type","key"),
	CONSTRAINT "saga_status_known" CHECK ("learning"."saga"."status" in ('running', 'compensating', 'parked', 'completed', 'compensated', 'cancelled', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "learning"."saga_journal" (
	"type" text NOT NULL,
	"key" text NOT NULL,
	"n" integer NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"message" text NOT NULL,
	"message_id" text NOT NULL,
	"from_step" text NOT NULL,
	"to_step" text NOT NULL,
	"status" text NOT NULL,
	"outputs" jsonb NOT NULL,
	"error" text,
	"correlation_id" text NOT NULL,
	CONSTRAINT "saga_journal_type_key_n_pk" PRIMARY KEY("type","key","n")
);
--> statement-breakpoint
CREATE TABLE "learning"."subjects" (
	"slug" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"parent" text
);
--> statement-breakpoint
CREATE TABLE "learning"."tutor_names" (
	"tutor_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"slug" text,
	"profile_version" integer NOT NULL,
	"changes" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "learning"."course_runs" ADD CONSTRAINT "course_runs_of_course" FOREIGN KEY ("course_id") REFERENCES "learning"."courses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "learning"."course_slugs" ADD CONSTRAINT "course_slugs_of_course" FOREIGN KEY ("course_id") REFERENCES "learning"."courses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "learning"."courses" ADD CONSTRAINT "courses_subject_subjects_slug_fk" FOREIGN KEY ("subject") REFERENCES "learning"."subjects"("slug") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "learning"."curricula" ADD CONSTRAINT "curricula_of_course" FOREIGN KEY ("course_id") REFERENCES "learning"."courses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "learning"."enrollment_grants" ADD CONSTRAINT "grants_of_enrollment" FOREIGN KEY ("enrollment_id") REFERENCES "learning"."enrollments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "learning"."enrollments" ADD CONSTRAINT "enrollments_of_run" FOREIGN KEY ("course_run_id") REFERENCES "learning"."course_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "learning"."enrollments" ADD CONSTRAINT "enrollments_of_course" FOREIGN KEY ("course_id") REFERENCES "learning"."courses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "learning"."imported_courses" ADD CONSTRAINT "imported_courses_of_course" FOREIGN KEY ("course_id") REFERENCES "learning"."courses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "learning"."subjects" ADD CONSTRAINT "subjects_parent_subjects_slug_fk" FOREIGN KEY ("parent") REFERENCES "learning"."subjects"("slug") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "course_runs_by_course" ON "learning"."course_runs" USING btree ("course_id","id");--> statement-breakpoint
CREATE INDEX "course_slugs_by_course" ON "learning"."course_slugs" USING btree ("course_id");--> statement-breakpoint
CREATE INDEX "courses_of_tutor" ON "learning"."courses" USING btree ("tutor_id","id");--> statement-breakpoint
CREATE INDEX "courses_public_of_tutor" ON "learning"."courses" USING btree ("tutor_id","id") WHERE "learning"."courses"."status" = 'PUBLISHED';--> statement-breakpoint
CREATE INDEX "dead_letters_failed_at" ON "learning"."dead_letters" USING btree ("failed_at","id");--> statement-breakpoint
CREATE INDEX "enrollment_grants_by_enrollment" ON "learning"."enrollment_grants" USING btree ("enrollment_id");--> statement-breakpoint
CREATE UNIQUE INDEX "enrollments_one_live" ON "learning"."enrollments" USING btree ("course_run_id","student_id") WHERE "learning"."enrollments"."status" in ('PENDING', 'ACTIVE', 'COMPLETED');--> statement-breakpoint
CREATE INDEX "enrollments_of_student" ON "learning"."enrollments" USING btree ("student_id","id");--> statement-breakpoint
CREATE INDEX "enrollments_of_student_in_course" ON "learning"."enrollments" USING btree ("course_id","student_id");--> statement-breakpoint
CREATE INDEX "enrollments_by_course" ON "learning"."enrollments" USING btree ("course_id","id");--> statement-breakpoint
CREATE INDEX "idempotency_created_at" ON "learning"."idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "imported_courses_by_course" ON "learning"."imported_courses" USING btree ("course_id");--> statement-breakpoint
CREATE INDEX "inbox_received_at" ON "learning"."inbox" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "outbox_shard_seq" ON "learning"."outbox" USING btree ("shard","seq");--> statement-breakpoint
CREATE INDEX "saga_due" ON "learning"."saga" USING btree ("due_at") WHERE "learning"."saga"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "saga_listing" ON "learning"."saga" USING btree ("type","status","updated_at");--> statement-breakpoint
CREATE INDEX "subjects_parent" ON "learning"."subjects" USING btree ("parent");