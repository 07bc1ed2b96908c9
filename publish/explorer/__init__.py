"""Cross tables for who does not write SQL, on this machine only."""
