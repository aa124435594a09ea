CREATE TABLE "payment"."coupon_redemptions" (
	"purchase_id" text PRIMARY KEY NOT NULL,
	"coupon_id" text NOT NULL,
	"payer_id" text NOT NULL,
	"status" text NOT NULL,
	"reserved_at" timestamp(3) with time zone NOT NULL,
	"settled_at" timestamp(3) with time zone,
	CONSTRAINT "redemption_status_known" CHECK ("payment"."coupon_redemptions"."status" in ('RESERVED', 'USED', 'RELEASED')),
	CONSTRAINT "redemption_settled" CHECK (("payment"."coupon_redemptions"."status" = 'RESERVED') = ("payment"."coupon_redemptions"."settled_at" is null))
);
--> statement-breakpoint
CREATE TABLE "payment"."coupons" (
	"id" text PRIMARY KEY NOT NULL,
	"code" text NOT NULL,
	"owner_id" text NOT NULL,
	"discount" jsonb NOT NULL,
	"course_ids" text[],
	"usage_limit" integer,
	"valid_until" timestamp(3) with time zone,
	"disabled" boolean NOT NULL,
	"redeemed" integer NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "coupon_code_upper_case" CHECK ("payment"."coupons"."code" = upper("payment"."coupons"."code")),
	CONSTRAINT "coupon_redeemed" CHECK ("payment"."coupons"."redeemed" >= 0)
);
--> statement-breakpoint
ALTER TABLE "payment"."invoices" ADD COLUMN "discount" jsonb;--> statement-breakpoint
ALTER TABLE "payment"."purchases" ADD COLUMN "discount" jsonb;--> statement-breakpoint
ALTER TABLE "payment"."coupon_redemptions" ADD CONSTRAINT "redemptions_of_coupon" FOREIGN KEY ("coupon_id") REFERENCES "payment"."coupons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment"."coupon_redemptions" ADD CONSTRAINT "redemptions_of_purchase" FOREIGN KEY ("purchase_id") REFERENCES "payment"."purchases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "coupon_redemptions_once" ON "payment"."coupon_redemptions" USING btree ("coupon_id","payer_id") WHERE "payment"."coupon_redemptions"."status" in ('RESERVED', 'USED');--> statement-breakpoint
CREATE UNIQUE INDEX "coupons_code" ON "payment"."coupons" USING btree ("code");