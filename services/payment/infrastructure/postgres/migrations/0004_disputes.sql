CREATE TABLE "payment"."disputes" (
	"id" text PRIMARY KEY NOT NULL,
	"payment_id" text NOT NULL,
	"amount" integer NOT NULL,
	"currency" text NOT NULL,
	"reason" text NOT NULL,
	"status" text NOT NULL,
	"opened_at" timestamp(3) with time zone NOT NULL,
	"closed_at" timestamp(3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "dispute_amount_positive" CHECK ("payment"."disputes"."amount" > 0),
	CONSTRAINT "dispute_status_known" CHECK ("payment"."disputes"."status" in ('OPEN', 'WON', 'LOST')),
	CONSTRAINT "dispute_closed_complete" CHECK (("payment"."disputes"."status" = 'OPEN') = ("payment"."disputes"."closed_at" is null))
);
--> statement-breakpoint
ALTER TABLE "payment"."ledger_entries" DROP CONSTRAINT "ledger_account_known";--> statement-breakpoint
ALTER TABLE "payment"."payments" ADD COLUMN "disputed" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "payment"."payments" ADD COLUMN "charged_back" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "payment"."reconciliations" ADD COLUMN "disputes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "payment"."disputes" ADD CONSTRAINT "disputes_of_payment" FOREIGN KEY ("payment_id") REFERENCES "payment"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "disputes_by_payment" ON "payment"."disputes" USING btree ("payment_id");--> statement-breakpoint
CREATE INDEX "disputes_by_age" ON "payment"."disputes" USING btree ("opened_at","id");--> statement-breakpoint
CREATE INDEX "disputes_open" ON "payment"."disputes" USING btree ("opened_at") WHERE "payment"."disputes"."status" = 'OPEN';--> statement-breakpoint
ALTER TABLE "payment"."ledger_entries" ADD CONSTRAINT "ledger_account_known" CHECK ("payment"."ledger_entries"."account" in ('platform', 'provider', 'disputes') or "payment"."ledger_entries"."account" like 'learner:usr\_%');--> statement-breakpoint
ALTER TABLE "payment"."payments" ADD CONSTRAINT "payment_disputed_once_paid" CHECK ("payment"."payments"."disputed" >= 0 and "payment"."payments"."charged_back" >= 0
        and ("payment"."payments"."status" = 'COMPLETED' or "payment"."payments"."disputed" + "payment"."payments"."charged_back" = 0));