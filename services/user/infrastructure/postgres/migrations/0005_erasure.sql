CREATE TABLE "user"."erasure_requests" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"status" text NOT NULL,
	"requested_at" timestamp(3) with time zone NOT NULL,
	"due_at" timestamp(3) with time zone NOT NULL,
	"acknowledged" jsonb NOT NULL,
	"closed_at" timestamp(3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "erasure_status_known" CHECK ("user"."erasure_requests"."status" in ('RUNNING', 'CLOSED')),
	CONSTRAINT "erasure_closed_complete" CHECK (("user"."erasure_requests"."status" = 'CLOSED') = ("user"."erasure_requests"."closed_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "user"."saga" (
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
	CONSTRAINT "saga_status_known" CHECK ("user"."saga"."status" in ('running', 'compensating', 'parked', 'completed', 'compensated', 'cancelled', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "user"."saga_journal" (
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
CREATE UNIQUE INDEX "erasure_requests_one_of_user" ON "user"."erasure_requests" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "saga_due" ON "user"."saga" USING btree ("due_at") WHERE "user"."saga"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "saga_listing" ON "user"."saga" USING btree ("type","status","updated_at");