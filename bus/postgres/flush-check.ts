/**
 * The check at the end of a flush, as a function in a service's schema: raises SQLSTATE BU001 with the name of the first
 * write that touched another number of rows than it should, which rolls the whole statement back.
 */
export const flushCheckSql = (schema: string): string => `
create or replace function "${schema}".flush_check(names text[], expected int[], actual int[]) returns boolean
language plpgsql volatile as $$
begin
  for n in 1 .. coalesce(array_length(expected, 1), 0) loop
    if actual[n] is distinct from expected[n] then
      raise exception using errcode = 'BU001', message = names[n];
    end if;
  end loop;
  return true;
end
$$`
