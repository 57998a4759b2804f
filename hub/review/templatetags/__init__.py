"""How the desk shows what differs."""
