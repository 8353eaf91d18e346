-- The clock of the hub. In production it is now(). A test database replaces it with a clock that has an offset.
create function hub_now() returns timestamptz language sql stable parallel safe as 'select now()';
