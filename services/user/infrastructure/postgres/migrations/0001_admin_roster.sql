INSERT INTO "user"."admin_roster" ("id", "revision") VALUES (true, 0);
