-- The book holds whatever code writes to it: it only grows, and every transaction sums to zero per currency.
CREATE FUNCTION "payment".refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  raise exception 'The ledger is append-only.' using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
CREATE TRIGGER "ledger_transactions_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "payment"."ledger_transactions"
  FOR EACH STATEMENT EXECUTE FUNCTION "payment".refuse_ledger_change();
--> statement-breakpoint
CREATE TRIGGER "ledger_entries_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "payment"."ledger_entries"
  FOR EACH STATEMENT EXECUTE FUNCTION "payment".refuse_ledger_change();
--> statement-breakpoint
CREATE FUNCTION "payment".check_ledger_balance() RETURNS trigger LANGUAGE plpgsql AS $$
begin
  if exists (
    select from "payment"."ledger_entries" where reference = new.reference group by currency having sum(amount) <> 0
  ) then
    raise exception 'The entries of % do not sum to zero.', new.reference using errcode = 'check_violation';
  end if;
  return null;
end $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER "ledger_entries_balance" AFTER INSERT ON "payment"."ledger_entries"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "payment".check_ledger_balance();
