-- The knowledge index: chunks of documents with embedding and full text, derived from schema `workflow` and to be rebuilt from it.
-- Runs on Postgres 18 with pgvector and, locally, on PGlite behind a socket, where all clients share one session of a superuser. So
-- every access is one statement: a call of a function below, which takes the role that the policies bind and sets the tenant, both
-- until the end of its statement.
do $$
begin
  if not exists (select from pg_roles where rolname = 'workflow_app') then create role workflow_app nologin nosuperuser nobypassrls; end if;
  if not exists (select from pg_roles where rolname = 'workflow_owner') then create role workflow_owner nologin nosuperuser nobypassrls; end if;
end $$;
create extension if not exists vector;
grant usage on schema knowledge to workflow_app;

-- What a search returns. The embedding stays in the row (2 kB would otherwise be fetched from a second table one by one).
create table knowledge.chunks (
  organization_id uuid not null,
  id uuid not null default uuidv7(),
  knowledge_base_id uuid not null,
  document_id uuid not null,
  ordinal int not null,
  title text,
  text text not null,
  label text,
  embedding vector(512) not null,
  -- Words and letter groups, for the counts in `terms`.
  terms text[] not null,
  primary key (organization_id, id),
  unique (organization_id, document_id, ordinal)
) with (toast_tuple_target = 8160);
alter table knowledge.chunks alter column embedding set storage plain;

-- What a search scans, all of one base: the signs of the embedding's components, a sketch of 64 bytes. It finds the same nearest chunks as
-- a scan of the embeddings, for any tenant beside any neighbour, unlike an HNSW scan that filters afterwards; 5 ms for 10,000 chunks.
create table knowledge.chunk_keys (
  organization_id uuid not null,
  chunk_id uuid not null,
  knowledge_base_id uuid not null,
  sketch bit(512) not null,
  primary key (organization_id, chunk_id),
  foreign key (organization_id, chunk_id) references knowledge.chunks on delete cascade
);
create index chunk_keys_by_base on knowledge.chunk_keys (organization_id, knowledge_base_id);

-- Full text: which chunks hold a word, and how many words those have. Not a GIN index over a tsvector: row level security lets no operator
-- that might leak, such as @@, look into an index before the policy has; comparing for equality leaks nothing. And ts_rank does not know
-- how rare a word is. Rows follow `knowledge.put`, without a foreign key.
create table knowledge.postings (
  organization_id uuid not null,
  knowledge_base_id uuid not null,
  word text not null,
  chunk_id uuid not null,
  length int not null,
  primary key (organization_id, knowledge_base_id, word, chunk_id)
);

-- In how many chunks of a base a term occurs; the empty term occurs in each, so its count is the number of chunks.
create table knowledge.terms (
  organization_id uuid not null,
  knowledge_base_id uuid not null,
  term text not null,
  chunks int not null,
  primary key (organization_id, knowledge_base_id, term)
);

do $$
declare
  name text;
begin
  foreach name in array array['knowledge.chunks', 'knowledge.chunk_keys', 'knowledge.postings', 'knowledge.terms'] loop
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy owner_all on %s to workflow_owner using (true) with check (true)', name);
    execute format($p$create policy app_all on %s to workflow_app
      using (organization_id = (select nullif(current_setting('app.organization', true), '')::uuid))
      with check (organization_id = (select nullif(current_setting('app.organization', true), '')::uuid))$p$, name);
    execute format('grant select, insert, update, delete on %s to workflow_app', name);
  end loop;
end $$;

-- Takes the role that the policies bind, whoever is connected, and the tenant, for the rest of the statement.
create function knowledge.act_for(organization uuid) returns void language plpgsql as $$
begin
  perform set_config('role', 'workflow_app', true), set_config('app.organization', organization::text, true);
end $$;

-- Replaces the chunks of some documents. `documents`: [{ documentId, chunks: [{ ordinal, title, text, label, embedding, words, terms }] }];
-- a document without chunks leaves the index. Returns the number of chunks written. One writer a base at a time.
create function knowledge.put(organization uuid, base uuid, documents jsonb) returns int language plpgsql as $$
declare
  written int;
begin
  perform knowledge.act_for(organization);
  perform pg_advisory_xact_lock(hashtext('knowledge.put'), hashtext(base::text));
  with gone as (
    delete from knowledge.chunks c using jsonb_to_recordset(documents) d("documentId" uuid)
    where c.organization_id = organization and c.document_id = d."documentId" returning c.id, c.terms
  ), unposted as (
    delete from knowledge.postings p using gone, unnest(gone.terms) as word
    where p.organization_id = organization and p.knowledge_base_id = base and p.word = word.word and p.chunk_id = gone.id
  ), counted as (
    select term, count(*) as n from gone, unnest(array_append(gone.terms, '')) as term group by term
  )
  update knowledge.terms t set chunks = t.chunks - counted.n from counted
  where t.organization_id = organization and t.knowledge_base_id = base and t.term = counted.term;

  with fresh as materialized (
    select uuidv7() as id, d."documentId" as document_id, c.ordinal, c.title, c.text, c.label, c.embedding::vector(512) as embedding, c.words, c.terms
    from jsonb_to_recordset(documents) d("documentId" uuid, chunks jsonb),
      jsonb_to_recordset(d.chunks) c(ordinal int, title text, text text, label text, embedding text, words text[], terms text[])
  ), stored as (
    insert into knowledge.chunks (organization_id, id, knowledge_base_id, document_id, ordinal, title, text, label, embedding, terms)
    select organization, id, base, document_id, ordinal, title, text, label, embedding, terms from fresh
  ), keyed as (
    insert into knowledge.chunk_keys (organization_id, chunk_id, knowledge_base_id, sketch)
    select organization, id, base, binary_quantize(embedding)::bit(512) from fresh
  ), posted as (
    insert into knowledge.postings (organization_id, knowledge_base_id, word, chunk_id, length)
    select organization, base, word, id, cardinality(fresh.words) from fresh, unnest(fresh.words) as word
  ), counted as (
    insert into knowledge.terms (organization_id, knowledge_base_id, term, chunks)
    select organization, base, term, count(*) from fresh, unnest(array_append(fresh.terms, '')) as term group by term
    on conflict (organization_id, knowledge_base_id, term) do update set chunks = terms.chunks + excluded.chunks
  )
  select count(*) into written from fresh;
  return written;
end $$;

-- The candidates of a hybrid search: the nearest by meaning (an exact scan of sketches, then exact distances) and the best by words
-- (the rarest words of the query only, as many as occur in `max_postings` chunks together), with what is needed to weigh words:
-- { terms: { term: chunks }, passages: [{ documentId, title, text, label, similarity }] }.
create function knowledge.candidates(
  organization uuid, base uuid, query vector, words text[], terms text[], except_document uuid default null,
  max_near int default 60, max_worded int default 30, max_postings int default 1000
) returns jsonb language plpgsql set search_path = knowledge, public, pg_temp as $$
declare
  known jsonb;
  rare text[];
  weights float[];
  result jsonb;
begin
  perform knowledge.act_for(organization);
  select coalesce(jsonb_object_agg(t.term, t.chunks), '{}') into known
  from knowledge.terms t
  where t.organization_id = organization and t.knowledge_base_id = base and t.term = any (array_append(terms || words, '')) and t.chunks > 0;

  select array_agg(word), array_agg(ln(((known ->> '')::float + 1) / (n + 0.5))) into rare, weights from (
    select word, n, sum(n) over (order by n, word) as postings, row_number() over (order by n, word) as place
    from (select word, (known ->> word)::int as n from unnest(words) as word where known ? word) counted
  ) ranked where postings <= max_postings or place = 1;

  with sketched as materialized (
    select k.chunk_id from knowledge.chunk_keys k
    where k.organization_id = organization and k.knowledge_base_id = base
    order by k.sketch <~> binary_quantize(query)::bit(512) limit max_near * 3
  ), near as materialized (
    select c.id from sketched s join knowledge.chunks c on c.organization_id = organization and c.id = s.chunk_id
    where c.document_id is distinct from except_document
    order by c.embedding <=> query limit max_near
  ), worded as materialized (
    select p.chunk_id as id
    from unnest(rare, weights) as wanted(word, weight) cross join lateral (
      select chunk_id, length from knowledge.postings
      where organization_id = organization and knowledge_base_id = base and postings.word = wanted.word limit max_postings
    ) p
    group by p.chunk_id, p.length
    order by sum(wanted.weight) / sqrt(p.length) desc, p.chunk_id limit max_worded
  )
  select jsonb_build_object('terms', known, 'passages', coalesce(jsonb_agg(jsonb_build_object(
    'documentId', c.document_id, 'title', c.title, 'text', c.text, 'label', c.label, 'similarity', 1 - (c.embedding <=> query))), '[]'))
  into result
  from (select id from near union select id from worded) found
  join knowledge.chunks c on c.organization_id = organization and c.id = found.id
  where c.document_id is distinct from except_document;
  return result;
end $$;

-- The first chunk of each of some documents, for cross-validation: [{ documentId, text, label, embedding }].
create function knowledge.examples(organization uuid, documents uuid[]) returns jsonb language plpgsql as $$
declare
  result jsonb;
begin
  perform knowledge.act_for(organization);
  select coalesce(jsonb_agg(jsonb_build_object('documentId', document_id, 'text', text, 'label', label, 'embedding', embedding::text)), '[]') into result
  from knowledge.chunks where organization_id = organization and document_id = any (documents) and ordinal = 0;
  return result;
end $$;

-- Empties a base, before it is filled again.
create function knowledge.clear(organization uuid, base uuid) returns void language plpgsql as $$
begin
  perform knowledge.act_for(organization);
  delete from knowledge.chunks where organization_id = organization and knowledge_base_id = base;
  delete from knowledge.postings where organization_id = organization and knowledge_base_id = base;
  delete from knowledge.terms where organization_id = organization and knowledge_base_id = base;
end $$;

grant execute on all functions in schema knowledge to workflow_app;
