"""The gates, measured against mpmath."""
