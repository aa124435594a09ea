DROP INDEX "user"."data_exports_expiry";--> statement-breakpoint
CREATE INDEX "data_exports_age" ON "user"."data_exports" USING btree ("ready_at");