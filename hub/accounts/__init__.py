"""Who may do what: users, roles, invitations, sessions, keys of programs, and the audit trail."""
