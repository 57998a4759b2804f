"""Users, roles and the audit trail: the place for them; nobody logs in yet."""
