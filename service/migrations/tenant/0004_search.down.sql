DROP INDEX idx_contacts_email_order;
DROP INDEX idx_contacts_labels;
DROP INDEX idx_contacts_phone_digits;
DROP INDEX idx_contacts_words;
DROP FUNCTION words_asked;
DROP FUNCTION contact_words;
DROP FUNCTION chainbook_words;
DROP EXTENSION unaccent;
