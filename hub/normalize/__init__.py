"""The same thing said the same way, and what was changed to say it so. Pure: no clock, no settings, no queries."""
