-- By the platform's id of a feedback, declined survey or message. A hash index: ids are long, and it keeps 4 bytes of each.
create index events_of_subject on events using hash (subject_id);
