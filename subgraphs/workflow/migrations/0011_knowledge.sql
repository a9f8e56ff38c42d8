-- Documents with versions, where they came from, and who else says the same; and what the background does for a knowledge base.
alter table workflow.documents
  add column version int not null default 1 check (version > 0),
  -- How the text is to be read when it is cut: MARKDOWN has headings.
  add column format text not null default 'PLAIN' check (format in ('PLAIN', 'MARKDOWN')),
  -- The file or the address that it came from; null: a caller sent its text.
  add column source text,
  -- The document of the same base with the same content that is indexed in its stead.
  add column duplicate_of uuid,
  -- The model of the embeddings that the index holds of it.
  add column indexed_model text;

update workflow.documents d set indexed_model = b.embedding_model
from workflow.knowledge_bases b
where b.organization_id = d.organization_id and b.id = d.knowledge_base_id and d.indexed_hash is not null;

create index documents_by_content on workflow.documents (organization_id, knowledge_base_id, content_hash, id);
create index documents_waiting on workflow.documents (organization_id, knowledge_base_id)
  where duplicate_of is null and indexed_hash is distinct from content_hash;

-- Until when somebody works on the index of the base in the background.
alter table workflow.knowledge_bases add column indexing_until timestamptz;

-- What a document was, version by version: never its former text.
create table workflow.document_versions (
  organization_id uuid not null,
  document_id uuid not null,
  version int not null check (version > 0),
  content_hash text not null,
  title text,
  label text,
  characters int not null check (characters >= 0),
  source text,
  author_kind text,
  author_id text,
  created_at timestamptz not null default clock_timestamp(),
  primary key (organization_id, document_id, version),
  foreign key (organization_id, document_id) references workflow.documents on delete cascade,
  check ((author_kind is null) = (author_id is null))
);

insert into workflow.document_versions (organization_id, document_id, version, content_hash, title, label, characters, created_at)
select organization_id, id, 1, content_hash, title, label, char_length(text), updated_at from workflow.documents;

do $$
declare
  name text;
begin
  foreach name in array array['workflow.document_versions'] loop
    execute format('alter table %s enable row level security', name);
    execute format('alter table %s force row level security', name);
    execute format('create policy owner_all on %s to workflow_owner using (true) with check (true)', name);
    execute format('create policy app_read on %s for select to workflow_app using (organization_id = any ((select workflow.readable_organizations())::uuid[]))', name);
    execute format('create policy app_insert on %s for insert to workflow_app with check (organization_id = (select workflow.active_organization()))', name);
    execute format('create policy app_delete on %s for delete to workflow_app using (organization_id = (select workflow.active_organization()))', name);
  end loop;
end $$;

-- Security definer, across tenants: claims a base whose index is behind, for so long; ids only. Behind is one whose embeddings are another
-- model's, and one with documents that have waited for longer than whoever stored them can still be at work.
create function workflow.claim_base_to_index(p_model text, p_lease_ms int, p_waited_ms int)
returns table (organization_id uuid, knowledge_base_id uuid)
language sql security definer set search_path = workflow, pg_temp as $$
  update workflow.knowledge_bases b set indexing_until = clock_timestamp() + p_lease_ms * interval '1 ms'
  where (b.organization_id, b.id) = (
    select c.organization_id, c.id from workflow.knowledge_bases c
    where (c.indexing_until is null or c.indexing_until < clock_timestamp())
      and (c.embedding_model <> p_model or exists (
        select from workflow.documents d
        where d.organization_id = c.organization_id and d.knowledge_base_id = c.id and d.duplicate_of is null
          and d.indexed_hash is distinct from d.content_hash and d.updated_at < clock_timestamp() - p_waited_ms * interval '1 ms'))
    order by c.indexing_until nulls first limit 1 for update skip locked)
  returning b.organization_id, b.id
$$;

grant execute on function workflow.claim_base_to_index to workflow_app;
