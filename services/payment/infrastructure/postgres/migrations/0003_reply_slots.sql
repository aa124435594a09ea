CREATE TABLE "payment"."reply_slots" (
	"slot" integer PRIMARY KEY NOT NULL,
	"epoch" integer NOT NULL,
	"until" timestamp(3) with time zone NOT NULL
);
