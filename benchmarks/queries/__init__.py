"""Queries of the service beside the SQL that an expert writes: plans, answers, times on a real server."""
