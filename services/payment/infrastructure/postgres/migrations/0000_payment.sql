CREATE SCHEMA IF NOT EXISTS "payment";
--> statement-breakpoint
CREATE TABLE "payment"."dead_letters" (
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
CREATE TABLE "payment"."held_keys" (
	"key" text PRIMARY KEY NOT NULL,
	"attempts" integer NOT NULL,
	"until" timestamp(3) with time zone NOT NULL,
	"reason" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payment"."idempotency_keys" (
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"answer" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_scope_key_pk" PRIMARY KEY("scope","key")
);
--> statement-breakpoint
CREATE TABLE "payment"."inbox" (
	"consumer" text NOT NULL,
	"id" text NOT NULL,
	"reply" text,
	"received_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "inbox_consumer_id_pk" PRIMARY KEY("consumer","id")
);
--> statement-breakpoint
CREATE TABLE "payment"."ledger_entries" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"reference" text NOT NULL,
	"n" integer NOT NULL,
	"account" text NOT NULL,
	"amount" integer NOT NULL,
	"currency" text NOT NULL,
	CONSTRAINT "ledger_account_known" CHECK ("payment"."ledger_entries"."account" in ('platform', 'provider') or "payment"."ledger_entries"."account" like 'learner:usr\_%')
);
--> statement-breakpoint
CREATE TABLE "payment"."ledger_transactions" (
	"reference" text PRIMARY KEY NOT NULL,
	"at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payment"."outbox" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"shard" integer NOT NULL,
	"key" text NOT NULL,
	"route" text NOT NULL,
	"type" text NOT NULL,
	"envelope" text NOT NULL,
	"written_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "outbox_shard_known" CHECK ("payment"."outbox"."shard" between 0 and 15)
);
--> statement-breakpoint
CREATE TABLE "payment"."payments" (
	"id" text PRIMARY KEY NOT NULL,
	"purchase_id" text NOT NULL,
	"kind" text NOT NULL,
	"ref_id" text NOT NULL,
	"payer_id" text NOT NULL,
	"amount" integer NOT NULL,
	"currency" text NOT NULL,
	"status" text NOT NULL,
	"initiated_at" timestamp(3) with time zone NOT NULL,
	"cancel_reason" text,
	"cancel_code" text,
	"intent_id" text,
	"client_secret" text,
	"completed_at" timestamp(3) with time zone,
	"refund_pending" integer DEFAULT 0 NOT NULL,
	"refunded" integer DEFAULT 0 NOT NULL,
	"failure_code" text,
	"ended_at" timestamp(3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "payment_amount_positive" CHECK ("payment"."payments"."amount" > 0),
	CONSTRAINT "payment_cancel_complete" CHECK (num_nulls("payment"."payments"."cancel_reason", "payment"."payments"."cancel_code") in (0, 2)),
	CONSTRAINT "payment_refunds_within_captured" CHECK ("payment"."payments"."refund_pending" >= 0 and "payment"."payments"."refunded" >= 0
        and "payment"."payments"."refund_pending" + "payment"."payments"."refunded" <= "payment"."payments"."amount"
        and ("payment"."payments"."status" = 'COMPLETED' or "payment"."payments"."refund_pending" + "payment"."payments"."refunded" = 0)),
	CONSTRAINT "payment_state_complete" CHECK (case "payment"."payments"."status"
        when 'INITIATED' then num_nonnulls("payment"."payments"."intent_id", "payment"."payments"."completed_at", "payment"."payments"."ended_at") = 0
        when 'REQUIRES_ACTION' then num_nulls("payment"."payments"."intent_id", "payment"."payments"."client_secret") = 0
        when 'PROCESSING' then num_nulls("payment"."payments"."intent_id", "payment"."payments"."client_secret") = 0
        when 'COMPLETED' then num_nulls("payment"."payments"."intent_id", "payment"."payments"."completed_at") = 0 and "payment"."payments"."ended_at" is null
        when 'FAILED' then num_nulls("payment"."payments"."failure_code", "payment"."payments"."ended_at") = 0
        when 'CANCELLED' then num_nulls("payment"."payments"."failure_code", "payment"."payments"."ended_at") = 0
        else false end)
);
--> statement-breakpoint
CREATE TABLE "payment"."provider_events" (
	"provider" text NOT NULL,
	"event_id" text NOT NULL,
	"type" text NOT NULL,
	"body" text NOT NULL,
	"received_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "provider_events_once" PRIMARY KEY("provider","event_id")
);
--> statement-breakpoint
CREATE TABLE "payment"."purchases" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"ref_id" text NOT NULL,
	"status" text NOT NULL,
	"payer_id" text,
	"lines" jsonb,
	"total_amount" integer,
	"currency" text,
	"action_id" text,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "purchase_kind_known" CHECK ("payment"."purchases"."kind" in ('course', 'lesson')),
	CONSTRAINT "purchase_state_complete" CHECK (("payment"."purchases"."status" = 'OPEN' and num_nulls("payment"."purchases"."payer_id", "payment"."purchases"."lines", "payment"."purchases"."total_amount", "payment"."purchases"."currency") = 0)
        or ("payment"."purchases"."status" = 'CANCELLED' and "payment"."purchases"."action_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "payment"."reconciliations" (
	"id" text PRIMARY KEY NOT NULL,
	"since" timestamp(3) with time zone NOT NULL,
	"started_at" timestamp(3) with time zone NOT NULL,
	"finished_at" timestamp(3) with time zone,
	"intents" integer DEFAULT 0 NOT NULL,
	"refunds" integer DEFAULT 0 NOT NULL,
	"synced" integer DEFAULT 0 NOT NULL,
	"findings" jsonb DEFAULT '[]'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payment"."refunds" (
	"id" text PRIMARY KEY NOT NULL,
	"payment_id" text NOT NULL,
	"amount" integer NOT NULL,
	"reason" text NOT NULL,
	"action_id" text NOT NULL,
	"status" text NOT NULL,
	"requested_at" timestamp(3) with time zone NOT NULL,
	"provider_refund_id" text,
	"full" boolean,
	"failure_code" text,
	"settled_at" timestamp(3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "refund_amount_positive" CHECK ("payment"."refunds"."amount" > 0),
	CONSTRAINT "refund_state_complete" CHECK (case "payment"."refunds"."status"
        when 'PENDING' then num_nonnulls("payment"."refunds"."provider_refund_id", "payment"."refunds"."failure_code", "payment"."refunds"."settled_at") = 0
        when 'PROCESSED' then num_nulls("payment"."refunds"."provider_refund_id", "payment"."refunds"."full", "payment"."refunds"."settled_at") = 0
        when 'FAILED' then num_nulls("payment"."refunds"."failure_code", "payment"."refunds"."settled_at") = 0
        else false end)
);
--> statement-breakpoint
ALTER TABLE "payment"."ledger_entries" ADD CONSTRAINT "ledger_entries_of_transaction" FOREIGN KEY ("reference") REFERENCES "payment"."ledger_transactions"("reference") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment"."payments" ADD CONSTRAINT "payments_of_purchase" FOREIGN KEY ("purchase_id") REFERENCES "payment"."purchases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment"."refunds" ADD CONSTRAINT "refunds_of_payment" FOREIGN KEY ("payment_id") REFERENCES "payment"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "dead_letters_failed_at" ON "payment"."dead_letters" USING btree ("failed_at","id");--> statement-breakpoint
CREATE INDEX "idempotency_created_at" ON "payment"."idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "inbox_received_at" ON "payment"."inbox" USING btree ("received_at");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_entries_place" ON "payment"."ledger_entries" USING btree ("reference","n");--> statement-breakpoint
CREATE INDEX "ledger_entries_of_account" ON "payment"."ledger_entries" USING btree ("account","seq");--> statement-breakpoint
CREATE INDEX "outbox_shard_seq" ON "payment"."outbox" USING btree ("shard","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_purchase" ON "payment"."payments" USING btree ("purchase_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payments_intent" ON "payment"."payments" USING btree ("intent_id");--> statement-breakpoint
CREATE INDEX "payments_of_payer" ON "payment"."payments" USING btree ("payer_id","id");--> statement-breakpoint
CREATE INDEX "payments_unsettled" ON "payment"."payments" USING btree ("initiated_at") WHERE "payment"."payments"."status" in ('INITIATED', 'REQUIRES_ACTION', 'PROCESSING');--> statement-breakpoint
CREATE UNIQUE INDEX "purchases_ref" ON "payment"."purchases" USING btree ("kind","ref_id");--> statement-breakpoint
CREATE INDEX "reconciliations_started_at" ON "payment"."reconciliations" USING btree ("started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_action" ON "payment"."refunds" USING btree ("action_id");--> statement-breakpoint
CREATE UNIQUE INDEX "refunds_provider_refund" ON "payment"."refunds" USING btree ("provider_refund_id");--> statement-breakpoint
CREATE INDEX "refunds_by_payment" ON "payment"."refunds" USING btree ("payment_id");--> statement-breakpoint
CREATE INDEX "refunds_pending" ON "payment"."refunds" USING btree ("requested_at") WHERE "payment"."refunds"."status" = 'PENDING';