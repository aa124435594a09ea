CREATE INDEX "quiz_attempts_of_student" ON "learning"."quiz_attempts" USING btree ("student_id");--> statement-breakpoint
CREATE INDEX "reviews_of_author" ON "learning"."reviews" USING btree ("author_id");--> statement-breakpoint
CREATE INDEX "waitlist_of_student" ON "learning"."waitlist_entries" USING btree ("student_id");