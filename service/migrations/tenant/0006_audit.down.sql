DROP FUNCTION seal_audit_entries;
DROP TABLE audit_pending, audit_head, audit_entries;
DROP FUNCTION refuse_to_rewrite_audit;
DROP FUNCTION refuse_to_rewrite_pending_audit;
