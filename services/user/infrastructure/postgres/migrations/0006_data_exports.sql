CREATE TABLE "user"."data_exports" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"status" text NOT NULL,
	"requested_at" timestamp(3) with time zone NOT NULL,
	"archive" jsonb,
	"ready_at" timestamp(3) with time zone,
	"expires_at" timestamp(3) with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "data_export_status_known" CHECK ("user"."data_exports"."status" in ('RUNNING', 'READY')),
	CONSTRAINT "data_export_complete" CHECK (num_nonnulls("user"."data_exports"."archive", "user"."data_exports"."ready_at", "user"."data_exports"."expires_at") = case "user"."data_exports"."status" when 'READY' then 3 else 0 end)
);
--> statement-breakpoint
ALTER TABLE "user"."data_exports" ADD CONSTRAINT "data_exports_of_user" FOREIGN KEY ("user_id") REFERENCES "user"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "data_exports_one_running" ON "user"."data_exports" USING btree ("user_id") WHERE "user"."data_exports"."status" = 'RUNNING';--> statement-breakpoint
CREATE INDEX "data_exports_by_user" ON "user"."data_exports" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "data_exports_expiry" ON "user"."data_exports" USING btree ("expires_at");