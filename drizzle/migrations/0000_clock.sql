-- The one clock. In production it is now() and nothing else; a test database replaces it by one with an offset.
create function hub_now() returns timestamptz language sql stable parallel safe as 'select now()';
