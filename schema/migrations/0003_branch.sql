-- The git branch that was checked out where it was said, as the client names it.
ALTER TABLE messages ADD COLUMN branch TEXT;
