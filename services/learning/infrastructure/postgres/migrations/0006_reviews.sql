CREATE TABLE "learning"."course_ratings" (
	"course_id" text PRIMARY KEY NOT NULL,
	"histogram" integer[] NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "rating_histogram" CHECK (cardinality("learning"."course_ratings"."histogram") = 5 and 0 <= all ("learning"."course_ratings"."histogram"))
);
--> statement-breakpoint
CREATE TABLE "learning"."reviews" (
	"id" text PRIMARY KEY NOT NULL,
	"course_id" text NOT NULL,
	"author_id" text NOT NULL,
	"stars" integer NOT NULL,
	"text" text,
	"status" text NOT NULL,
	"barred" boolean NOT NULL,
	"submitted_at" timestamp(3) with time zone NOT NULL,
	"edited_at" timestamp(3) with time zone,
	"reply_text" text,
	"replied_at" timestamp(3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "review_stars" CHECK ("learning"."reviews"."stars" between 1 and 5),
	CONSTRAINT "review_status_known" CHECK ("learning"."reviews"."status" in ('PUBLISHED', 'HIDDEN', 'REMOVED')),
	CONSTRAINT "review_reply_complete" CHECK (("learning"."reviews"."reply_text" is null) = ("learning"."reviews"."replied_at" is null))
);
--> statement-breakpoint
ALTER TABLE "learning"."course_ratings" ADD CONSTRAINT "rating_of_course" FOREIGN KEY ("course_id") REFERENCES "learning"."courses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "learning"."reviews" ADD CONSTRAINT "reviews_of_course" FOREIGN KEY ("course_id") REFERENCES "learning"."courses"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "reviews_one_of_author" ON "learning"."reviews" USING btree ("course_id","author_id");--> statement-breakpoint
CREATE INDEX "reviews_seen" ON "learning"."reviews" USING btree ("course_id","id") WHERE "learning"."reviews"."status" = 'PUBLISHED';