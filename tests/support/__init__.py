"""What tests and benches share: makers of days, archives and sites, and rules that several tests check."""
