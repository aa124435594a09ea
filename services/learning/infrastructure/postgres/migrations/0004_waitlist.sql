CREATE TABLE "learning"."waitlist_entries" (
	"id" text PRIMARY KEY NOT NULL,
	"course_run_id" text NOT NULL,
	"student_id" text NOT NULL,
	"place" bigint GENERATED ALWAYS AS IDENTITY (sequence name "learning"."waitlist_entries_place_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"joined_at" timestamp(3) with time zone NOT NULL,
	"status" text NOT NULL,
	"hold_until" timestamp(3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "waitlist_status_known" CHECK ("learning"."waitlist_entries"."status" in ('WAITING', 'PROMOTED', 'ENROLLED', 'LEFT', 'LAPSED')),
	CONSTRAINT "waitlist_hold_ends" CHECK (("learning"."waitlist_entries"."status" = 'PROMOTED') = ("learning"."waitlist_entries"."hold_until" is not null))
);
--> statement-breakpoint
ALTER TABLE "learning"."course_runs" ADD COLUMN "waiting" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "learning"."waitlist_entries" ADD CONSTRAINT "waitlist_of_run" FOREIGN KEY ("course_run_id") REFERENCES "learning"."course_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "waitlist_one_live" ON "learning"."waitlist_entries" USING btree ("course_run_id","student_id") WHERE "learning"."waitlist_entries"."status" in ('WAITING', 'PROMOTED');--> statement-breakpoint
CREATE INDEX "waitlist_order" ON "learning"."waitlist_entries" USING btree ("course_run_id","place") WHERE "learning"."waitlist_entries"."status" = 'WAITING';--> statement-breakpoint
ALTER TABLE "learning"."course_runs" ADD CONSTRAINT "course_run_seats_passed_on" CHECK ("learning"."course_runs"."waiting" = 0 or ("learning"."course_runs"."waiting" > 0 and "learning"."course_runs"."seats_taken" + "learning"."course_runs"."seats_held" = "learning"."course_runs"."capacity"));