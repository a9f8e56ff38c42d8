-- An organisation may also connect a model of Anthropic.
alter table workflow.credentials drop constraint credentials_kind_check;
alter table workflow.credentials add constraint credentials_kind_check check (kind in ('N8N_WEBHOOK', 'OPENAI', 'ANTHROPIC'));
