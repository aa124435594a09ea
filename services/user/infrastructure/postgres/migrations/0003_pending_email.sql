ALTER TABLE "user"."users" DROP CONSTRAINT "user_state_complete";--> statement-breakpoint
ALTER TABLE "user"."users" ADD COLUMN "pending_email" text;--> statement-breakpoint
ALTER TABLE "user"."users" ADD CONSTRAINT "user_pending_email_lower_case" CHECK ("user"."users"."pending_email" = lower("user"."users"."pending_email"));--> statement-breakpoint
ALTER TABLE "user"."users" ADD CONSTRAINT "user_pending_email_other" CHECK ("user"."users"."pending_email" <> "user"."users"."email");--> statement-breakpoint
ALTER TABLE "user"."users" ADD CONSTRAINT "user_state_complete" CHECK (case "user"."users"."status"
        when 'ERASED' then num_nonnulls("user"."users"."email", "user"."users"."pending_email", "user"."users"."email_verified_at", "user"."users"."registered_at") = 0
          and "user"."users"."erased_at" is not null
        when 'SUSPENDED' then num_nulls("user"."users"."email", "user"."users"."registered_at", "user"."users"."suspension_reason", "user"."users"."suspended_at") = 0
        else num_nulls("user"."users"."email", "user"."users"."registered_at") = 0 end);