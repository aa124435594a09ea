CREATE TABLE "learning"."review_reports" (
	"review_id" text NOT NULL,
	"reporter_id" text NOT NULL,
	"reason" text NOT NULL,
	"reported_at" timestamp(3) with time zone NOT NULL,
	"settled_at" timestamp(3) with time zone,
	CONSTRAINT "review_reports_once" PRIMARY KEY("review_id","reporter_id"),
	CONSTRAINT "report_reason_known" CHECK ("learning"."review_reports"."reason" in ('spam', 'abuse', 'off_topic', 'other'))
);
--> statement-breakpoint
CREATE TABLE "learning"."review_votes" (
	"review_id" text NOT NULL,
	"voter_id" text NOT NULL,
	CONSTRAINT "review_votes_once" PRIMARY KEY("review_id","voter_id")
);
--> statement-breakpoint
ALTER TABLE "learning"."review_reports" ADD CONSTRAINT "reports_of_review" FOREIGN KEY ("review_id") REFERENCES "learning"."reviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "learning"."review_votes" ADD CONSTRAINT "votes_of_review" FOREIGN KEY ("review_id") REFERENCES "learning"."reviews"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "review_reports_open" ON "learning"."review_reports" USING btree ("review_id") WHERE "learning"."review_reports"."settled_at" is null;--> statement-breakpoint
CREATE INDEX "review_reports_of_reporter" ON "learning"."review_reports" USING btree ("reporter_id");--> statement-breakpoint
CREATE INDEX "review_votes_of_voter" ON "learning"."review_votes" USING btree ("voter_id");