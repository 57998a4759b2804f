"""The stages of the path: tables in, tables out, a report back. They run the same with and without Prefect."""
