"""Many figures from one file: what it asks for, what of that stands already, and who draws the rest."""
