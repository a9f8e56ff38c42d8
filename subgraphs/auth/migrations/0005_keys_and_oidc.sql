-- What the OpenID provider stores, and the keys that sign tokens.

-- The private part is encrypted with a key derived from AUTH_SECRET. One key signs at a time.
create table auth.signing_keys (
  kid text primary key,
  public_jwk jsonb not null,
  private_key bytea not null,
  status text not null check (status in ('NEXT', 'ACTIVE', 'RETIRED')),
  created_at timestamptz not null default now()
);
create unique index signing_keys_one_active on auth.signing_keys (status) where status = 'ACTIVE';

-- What oidc-provider stores: opaque to us, found by id, uid, user code or grant.
create table auth.oidc_payloads (
  model text not null,
  id text not null,
  payload jsonb not null,
  grant_id text,
  user_code text,
  uid text,
  expires_at timestamptz,
  primary key (model, id)
);
create index oidc_payloads_grant on auth.oidc_payloads (grant_id);
create index oidc_payloads_uid on auth.oidc_payloads (model, uid);
create index oidc_payloads_expiry on auth.oidc_payloads (expires_at);
