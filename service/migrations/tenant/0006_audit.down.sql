DROP FUNCTION append_audit_entries;
DROP TABLE audit_head;
DROP TABLE audit_entries;
DROP FUNCTION refuse_to_rewrite_audit;
