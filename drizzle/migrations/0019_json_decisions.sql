-- An event's decisions as the text of their JSON, with a number for each reason: jsonb with words took four times the bytes. A
-- change of type would rewrite the history, so events from before keep theirs where they are, until their day is dropped.
alter table events rename column decisions to earlier_decisions;--> statement-breakpoint
alter table events alter column earlier_decisions drop not null, add column decisions json;
