CREATE SCHEMA IF NOT EXISTS "user";
--> statement-breakpoint
CREATE TABLE "user"."admin_roster" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"revision" integer NOT NULL,
	CONSTRAINT "admin_roster_single" CHECK ("user"."admin_roster"."id")
);
--> statement-breakpoint
CREATE TABLE "user"."audit_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user"."credentials" (
	"user_id" text PRIMARY KEY NOT NULL,
	"password_hash" text NOT NULL,
	"changed_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user"."dead_letters" (
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
CREATE TABLE "user"."dev_mailbox" (
	"id" text PRIMARY KEY NOT NULL,
	"to" text NOT NULL,
	"subject" text NOT NULL,
	"text" text NOT NULL,
	"sent_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user"."held_keys" (
	"key" text PRIMARY KEY NOT NULL,
	"attempts" integer NOT NULL,
	"until" timestamp(3) with time zone NOT NULL,
	"reason" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user"."idempotency_keys" (
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"answer" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_scope_key_pk" PRIMARY KEY("scope","key")
);
--> statement-breakpoint
CREATE TABLE "user"."inbox" (
	"consumer" text NOT NULL,
	"id" text NOT NULL,
	"reply" text,
	"received_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "inbox_consumer_id_pk" PRIMARY KEY("consumer","id")
);
--> statement-breakpoint
CREATE TABLE "user"."one_time_tokens" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"purpose" text NOT NULL,
	"email" text NOT NULL,
	"status" text NOT NULL,
	"token_hash" text,
	"wrong_tries" integer DEFAULT 0 NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"used_at" timestamp(3) with time zone,
	"locked_at" timestamp(3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "one_time_token_purpose_known" CHECK ("user"."one_time_tokens"."purpose" in ('verify_email', 'reset_password')),
	CONSTRAINT "one_time_token_state_complete" CHECK (case "user"."one_time_tokens"."status"
        when 'OPEN' then "user"."one_time_tokens"."token_hash" is not null
        when 'USED' then "user"."one_time_tokens"."token_hash" is null and "user"."one_time_tokens"."used_at" is not null
        when 'LOCKED' then "user"."one_time_tokens"."token_hash" is null and "user"."one_time_tokens"."locked_at" is not null
        else false end)
);
--> statement-breakpoint
CREATE TABLE "user"."outbox" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"shard" integer NOT NULL,
	"key" text NOT NULL,
	"route" text NOT NULL,
	"type" text NOT NULL,
	"envelope" text NOT NULL,
	"written_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "outbox_shard_known" CHECK ("user"."outbox"."shard" between 0 and 15)
);
--> statement-breakpoint
CREATE TABLE "user"."refresh_families" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"status" text NOT NULL,
	"token_hash" text,
	"previous_hash" text,
	"rotated_at" timestamp(3) with time zone,
	"started_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"revocation_reason" text,
	"revoked_at" timestamp(3) with time zone,
	"marked" boolean DEFAULT false NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "refresh_family_status_known" CHECK ("user"."refresh_families"."status" in ('ACTIVE', 'REVOKED')),
	CONSTRAINT "refresh_family_state_complete" CHECK (case "user"."refresh_families"."status"
        when 'ACTIVE' then "user"."refresh_families"."token_hash" is not null and num_nulls("user"."refresh_families"."previous_hash", "user"."refresh_families"."rotated_at") in (0, 2)
        else num_nonnulls("user"."refresh_families"."token_hash", "user"."refresh_families"."previous_hash") = 0
          and num_nulls("user"."refresh_families"."revocation_reason", "user"."refresh_families"."revoked_at") = 0 end)
);
--> statement-breakpoint
CREATE TABLE "user"."user_profiles" (
	"user_id" text PRIMARY KEY NOT NULL,
	"display_name" text NOT NULL,
	"bio" text NOT NULL,
	"locale" text NOT NULL,
	"timezone" text NOT NULL,
	"slug" text,
	"updated_at" timestamp(3) with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "user_profile_bio_short" CHECK (length("user"."user_profiles"."bio") <= 2000)
);
--> statement-breakpoint
CREATE TABLE "user"."users" (
	"id" text PRIMARY KEY NOT NULL,
	"status" text NOT NULL,
	"email" text,
	"roles" text[] NOT NULL,
	"email_verified_at" timestamp(3) with time zone,
	"registered_at" timestamp(3) with time zone,
	"suspension_reason" text,
	"suspended_at" timestamp(3) with time zone,
	"erased_at" timestamp(3) with time zone,
	"sessions_started" integer DEFAULT 0 NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "user_status_known" CHECK ("user"."users"."status" in ('ACTIVE', 'SUSPENDED', 'ERASED')),
	CONSTRAINT "user_email_lower_case" CHECK ("user"."users"."email" = lower("user"."users"."email")),
	CONSTRAINT "user_state_complete" CHECK (case "user"."users"."status"
        when 'ERASED' then num_nonnulls("user"."users"."email", "user"."users"."email_verified_at", "user"."users"."registered_at") = 0
          and "user"."users"."erased_at" is not null
        when 'SUSPENDED' then num_nulls("user"."users"."email", "user"."users"."registered_at", "user"."users"."suspension_reason", "user"."users"."suspended_at") = 0
        else num_nulls("user"."users"."email", "user"."users"."registered_at") = 0 end)
);
--> statement-breakpoint
ALTER TABLE "user"."credentials" ADD CONSTRAINT "credentials_of_user" FOREIGN KEY ("user_id") REFERENCES "user"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user"."one_time_tokens" ADD CONSTRAINT "one_time_tokens_of_user" FOREIGN KEY ("user_id") REFERENCES "user"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user"."refresh_families" ADD CONSTRAINT "refresh_families_of_user" FOREIGN KEY ("user_id") REFERENCES "user"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user"."user_profiles" ADD CONSTRAINT "user_profiles_of_user" FOREIGN KEY ("user_id") REFERENCES "user"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_log_by_subject" ON "user"."audit_log" USING btree ("subject","at");--> statement-breakpoint
CREATE INDEX "dead_letters_failed_at" ON "user"."dead_letters" USING btree ("failed_at","id");--> statement-breakpoint
CREATE INDEX "dev_mailbox_by_receiver" ON "user"."dev_mailbox" USING btree ("to","sent_at");--> statement-breakpoint
CREATE INDEX "idempotency_created_at" ON "user"."idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "inbox_received_at" ON "user"."inbox" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "one_time_tokens_by_user" ON "user"."one_time_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "one_time_tokens_expiry" ON "user"."one_time_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "outbox_shard_seq" ON "user"."outbox" USING btree ("shard","seq");--> statement-breakpoint
CREATE INDEX "refresh_families_by_user" ON "user"."refresh_families" USING btree ("user_id","status");--> statement-breakpoint
CREATE INDEX "refresh_families_expiry" ON "user"."refresh_families" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "refresh_families_unmarked" ON "user"."refresh_families" USING btree ("revoked_at") WHERE "user"."refresh_families"."status" = 'REVOKED' and not "user"."refresh_families"."marked";--> statement-breakpoint
CREATE UNIQUE INDEX "user_profiles_slug" ON "user"."user_profiles" USING btree ("slug");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "user"."users" USING btree ("email") WHERE "user"."users"."status" <> 'ERASED';--> statement-breakpoint
CREATE INDEX "users_by_role" ON "user"."users" USING gin ("roles");--> statement-breakpoint
CREATE INDEX "users_active_admins" ON "user"."users" USING btree ("id") WHERE "user"."users"."status" = 'ACTIVE' and 'admin' = any("user"."users"."roles");