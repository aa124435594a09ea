CREATE TABLE "payment"."invoice_series" (
	"year" integer PRIMARY KEY NOT NULL,
	"last" integer NOT NULL,
	CONSTRAINT "invoice_series_counts" CHECK ("payment"."invoice_series"."last" > 0)
);
--> statement-breakpoint
CREATE TABLE "payment"."invoices" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"year" integer NOT NULL,
	"place" integer NOT NULL,
	"about" text NOT NULL,
	"payment_id" text NOT NULL,
	"payer_id" text NOT NULL,
	"purchase" jsonb NOT NULL,
	"corrects" text,
	"lines" jsonb NOT NULL,
	"amount" integer NOT NULL,
	"currency" text NOT NULL,
	"issued_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "invoice_kind_known" CHECK ("payment"."invoices"."kind" in ('invoice', 'credit_note')),
	CONSTRAINT "invoice_corrects" CHECK (("payment"."invoices"."kind" = 'credit_note') = ("payment"."invoices"."corrects" is not null)),
	CONSTRAINT "invoice_amount" CHECK ("payment"."invoices"."amount" > 0)
);
--> statement-breakpoint
ALTER TABLE "payment"."invoices" ADD CONSTRAINT "invoices_of_payment" FOREIGN KEY ("payment_id") REFERENCES "payment"."payments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment"."invoices" ADD CONSTRAINT "credit_notes_of_invoice" FOREIGN KEY ("corrects") REFERENCES "payment"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_number" ON "payment"."invoices" USING btree ("year","place");--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_once" ON "payment"."invoices" USING btree ("about");--> statement-breakpoint
CREATE INDEX "invoices_of_payer" ON "payment"."invoices" USING btree ("payer_id","id");--> statement-breakpoint
CREATE FUNCTION "payment".refuse_invoice_change() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  raise exception 'Invoices are append-only.' using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
CREATE TRIGGER "invoices_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "payment"."invoices"
  FOR EACH STATEMENT EXECUTE FUNCTION "payment".refuse_invoice_change();
