ALTER TABLE "learning"."enrollment_grants" ADD COLUMN "revoked_for" text;--> statement-breakpoint
ALTER TABLE "learning"."enrollment_grants" ADD CONSTRAINT "grant_reason_of_end" CHECK ("learning"."enrollment_grants"."revoked_for" is null or "learning"."enrollment_grants"."revoked_at" is not null);--> statement-breakpoint
UPDATE "learning"."enrollment_grants" SET "revoked_for" = CASE "source" WHEN 'purchase' THEN 'refunded' ELSE 'revoked' END WHERE "revoked_at" IS NOT NULL;
