"""One set of migrations for SQLite and Postgres."""
