CREATE TABLE "payment"."payout_accounts" (
	"tutor_id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"next_payout_at" timestamp(3) with time zone NOT NULL,
	"leaving" boolean NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payment"."payouts" (
	"id" text PRIMARY KEY NOT NULL,
	"tutor_id" text NOT NULL,
	"account_id" text NOT NULL,
	"amount" integer NOT NULL,
	"currency" text NOT NULL,
	"status" text NOT NULL,
	"scheduled_at" timestamp(3) with time zone NOT NULL,
	"transfer_id" text,
	"reversed" integer NOT NULL,
	"failure_code" text,
	"settled_at" timestamp(3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "payout_amount_positive" CHECK ("payment"."payouts"."amount" > 0),
	CONSTRAINT "payout_reversed" CHECK ("payment"."payouts"."reversed" between 0 and "payment"."payouts"."amount"),
	CONSTRAINT "payout_state_complete" CHECK (case "payment"."payouts"."status"
        when 'SCHEDULED' then num_nonnulls("payment"."payouts"."transfer_id", "payment"."payouts"."failure_code", "payment"."payouts"."settled_at") = 0
        when 'SENT' then num_nulls("payment"."payouts"."transfer_id", "payment"."payouts"."settled_at") = 0
        when 'FAILED' then num_nulls("payment"."payouts"."failure_code", "payment"."payouts"."settled_at") = 0
        else false end)
);
--> statement-breakpoint
ALTER TABLE "payment"."ledger_entries" DROP CONSTRAINT "ledger_account_known";--> statement-breakpoint
ALTER TABLE "payment"."invoices" ADD COLUMN "tax" jsonb;--> statement-breakpoint
ALTER TABLE "payment"."payments" ADD COLUMN "tax" jsonb;--> statement-breakpoint
ALTER TABLE "payment"."payments" ADD COLUMN "tutor_id" text;--> statement-breakpoint
ALTER TABLE "payment"."payments" ADD COLUMN "tutor_share" integer;--> statement-breakpoint
ALTER TABLE "payment"."purchases" ADD COLUMN "shares" jsonb;--> statement-breakpoint
ALTER TABLE "payment"."reconciliations" ADD COLUMN "payouts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "payout_accounts_due" ON "payment"."payout_accounts" USING btree ("next_payout_at");--> statement-breakpoint
CREATE UNIQUE INDEX "payouts_transfer" ON "payment"."payouts" USING btree ("transfer_id");--> statement-breakpoint
CREATE INDEX "payouts_of_tutor" ON "payment"."payouts" USING btree ("tutor_id","id");--> statement-breakpoint
CREATE INDEX "payouts_by_status" ON "payment"."payouts" USING btree ("status","id");--> statement-breakpoint
CREATE INDEX "payouts_unsent" ON "payment"."payouts" USING btree ("scheduled_at") WHERE "payment"."payouts"."status" = 'SCHEDULED';--> statement-breakpoint
CREATE INDEX "payments_of_tutor" ON "payment"."payments" USING btree ("tutor_id","completed_at") WHERE "payment"."payments"."status" = 'COMPLETED' and "payment"."payments"."tutor_id" is not null;--> statement-breakpoint
CREATE INDEX "payments_of_tutor_disputed" ON "payment"."payments" USING btree ("tutor_id") WHERE "payment"."payments"."disputed" > 0 and "payment"."payments"."tutor_id" is not null;--> statement-breakpoint
ALTER TABLE "payment"."ledger_entries" ADD CONSTRAINT "ledger_account_known" CHECK ("payment"."ledger_entries"."account" in ('platform', 'provider', 'disputes', 'tax', 'payouts')
        or "payment"."ledger_entries"."account" like any (array['learner:usr\_%', 'tutor:usr\_%']));--> statement-breakpoint
ALTER TABLE "payment"."payments" ADD CONSTRAINT "payment_tutor_complete" CHECK (num_nulls("payment"."payments"."tutor_id", "payment"."payments"."tutor_share") in (0, 2));--> statement-breakpoint
ALTER TABLE "payment"."payments" ADD CONSTRAINT "payment_tutor_share" CHECK ("payment"."payments"."tutor_share" between 0 and "payment"."payments"."amount");