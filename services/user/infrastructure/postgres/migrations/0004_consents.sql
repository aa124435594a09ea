CREATE TABLE "user"."consents" (
	"user_id" text NOT NULL,
	"purpose" text NOT NULL,
	"revision" integer NOT NULL,
	"given" boolean NOT NULL,
	"document_version" text NOT NULL,
	"recorded_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "consents_in_order" PRIMARY KEY("user_id","purpose","revision"),
	CONSTRAINT "consent_purpose_known" CHECK ("user"."consents"."purpose" in ('terms', 'privacy', 'marketing_email', 'analytics')),
	CONSTRAINT "consent_revision_positive" CHECK ("user"."consents"."revision" > 0)
);
--> statement-breakpoint
ALTER TABLE "user"."consents" ADD CONSTRAINT "consents_of_user" FOREIGN KEY ("user_id") REFERENCES "user"."users"("id") ON DELETE no action ON UPDATE no action;