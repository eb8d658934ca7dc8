"""What runs inside the jails: standard library only, and nothing secret."""
