-- psql reads the passwords itself, so that none stands in a process list. An unset variable ends the script.
\set ON_ERROR_STOP on
set log_statement = 'none';
\getenv auth_owner AUTH_OWNER_PASSWORD
alter role auth_owner password :'auth_owner';
\getenv auth_app AUTH_APP_PASSWORD
alter role auth_app password :'auth_app';
\getenv workflow_owner WORKFLOW_OWNER_PASSWORD
alter role workflow_owner password :'workflow_owner';
\getenv workflow_app WORKFLOW_APP_PASSWORD
alter role workflow_app password :'workflow_app';
\getenv telemetry_owner TELEMETRY_OWNER_PASSWORD
alter role telemetry_owner password :'telemetry_owner';
\getenv telemetry_app TELEMETRY_APP_PASSWORD
alter role telemetry_app password :'telemetry_app';
\getenv telemetry_consumer TELEMETRY_CONSUMER_PASSWORD
alter role telemetry_consumer password :'telemetry_consumer';
\getenv events_owner EVENTS_OWNER_PASSWORD
alter role events_owner password :'events_owner';
