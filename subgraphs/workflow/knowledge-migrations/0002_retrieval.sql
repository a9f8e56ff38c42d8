-- Search that stays quick and complete from ten to hundreds of thousands of chunks, filters, what a citation needs, and deletion without rest.

-- The place in the document, for citations, and the model of the embedding.
alter table knowledge.chunks
  add column document_key text,
  add column version int,
  add column starts int,
  add column ends int,
  add column model text not null default 'universal-sentence-encoder-lite-en';
create index chunks_by_base on knowledge.chunks (organization_id, knowledge_base_id, label);

-- A graph over the sketches of all tenants (hierarchical navigable small worlds, Malkov and Yashunin, 2016), for bases that are too large
-- to scan: see `knowledge.sketched`.
create index chunk_keys_near on knowledge.chunk_keys using hnsw (sketch bit_hamming_ops);

drop function knowledge.put(uuid, uuid, jsonb);
-- Replaces the chunks of some documents. `documents`: [{ documentId, key, version, append, chunks: [{ ordinal, title, text, label, starts,
-- ends, embedding, words, terms }] }]; a document without chunks leaves the index; one that appends keeps what it has, for documents too
-- long for one statement. Returns the number of chunks written. One writer a base at a time.
create function knowledge.put(organization uuid, base uuid, documents jsonb, model text default 'universal-sentence-encoder-lite-en')
returns int language plpgsql as $$
declare
  written int;
begin
  perform knowledge.act_for(organization);
  perform pg_advisory_xact_lock(hashtext('knowledge.put'), hashtext(base::text));
  with gone as (
    delete from knowledge.chunks c using jsonb_to_recordset(documents) d("documentId" uuid, append boolean)
    where c.organization_id = organization and c.document_id = d."documentId" and d.append is not true returning c.id, c.terms
  ), unposted as (
    delete from knowledge.postings p using gone, unnest(gone.terms) as word
    where p.organization_id = organization and p.knowledge_base_id = base and p.word = word.word and p.chunk_id = gone.id
  ), counted as materialized (
    select term, count(*) as n from gone, unnest(array_append(gone.terms, '')) as term group by term
  ), emptied as (
    delete from knowledge.terms t using counted
    where t.organization_id = organization and t.knowledge_base_id = base and t.term = counted.term and t.chunks <= counted.n
  )
  update knowledge.terms t set chunks = t.chunks - counted.n from counted
  where t.organization_id = organization and t.knowledge_base_id = base and t.term = counted.term and t.chunks > counted.n;

  with fresh as materialized (
    select uuidv7() as id, d."documentId" as document_id, d.key, d.version, c.ordinal, c.title, c.text, c.label, c.starts, c.ends,
      c.embedding::vector(512) as embedding, c.words, c.terms
    from jsonb_to_recordset(documents) d("documentId" uuid, key text, version int, chunks jsonb),
      jsonb_to_recordset(d.chunks) c(ordinal int, title text, text text, label text, starts int, ends int, embedding text, words text[], terms text[])
  ), stored as (
    insert into knowledge.chunks (organization_id, id, knowledge_base_id, document_id, document_key, version, ordinal, title, text, label, starts,
      ends, embedding, terms, model)
    select organization, id, base, document_id, key, version, ordinal, title, text, label, starts, ends, embedding, terms, put.model from fresh
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

-- Counts that earlier deletions left at nought.
delete from knowledge.terms where chunks <= 0;

-- Whether a chunk is among those that a search may find. `filter`: { labels, titlePrefix, keyPrefix, documentIds }, each of them or none.
create function knowledge.fits(chunk knowledge.chunks, filter jsonb) returns boolean language sql immutable as $$
  select filter is null or (
    (filter -> 'labels' is null or filter -> 'labels' ? chunk.label)
    and (filter -> 'documentIds' is null or filter -> 'documentIds' ? chunk.document_id::text)
    and (filter ->> 'keyPrefix' is null or starts_with(lower(chunk.document_key), lower(filter ->> 'keyPrefix')))
    and (filter ->> 'titlePrefix' is null or starts_with(lower(chunk.title), lower(filter ->> 'titlePrefix'))))
$$;

-- The nearest of a base by the graph. It holds all tenants' chunks, and `iterative_scan` walks on until enough of this base were found or
-- very many were seen: a base that is small among its neighbours would get too few. Nothing is sorted: that alone leads to the graph.
create function knowledge.sketched(organization uuid, base uuid, query vector, wanted int) returns setof uuid language plpgsql
set enable_sort = off set enable_seqscan = off set hnsw.iterative_scan = strict_order set hnsw.ef_search = 400 as $$
begin
  return query select k.chunk_id from knowledge.chunk_keys k
  where k.organization_id = organization and k.knowledge_base_id = base
  order by k.sketch <~> binary_quantize(query)::bit(512) limit wanted;
end $$;

-- The nearest chunks by meaning, nearest first: exact distances over the best sketches. A base of up to `exact_up_to` chunks is scanned,
-- which finds what an exact search finds, whoever else is in the index; a larger one goes by the graph, and is scanned if that gave too few.
-- What a filter leaves is compared embedding by embedding; each call is planned by itself, so that labels and documents lead to an index.
create function knowledge.near(
  organization uuid, base uuid, query vector, wanted int, except_document uuid default null, filter jsonb default null, exact_up_to int default 10000
) returns table (id uuid, distance float) language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
  size int;
  labels text[] := case when filter -> 'labels' is not null then array(select jsonb_array_elements_text(filter -> 'labels')) end;
  documents uuid[] := case when filter -> 'documentIds' is not null then array(select jsonb_array_elements_text(filter -> 'documentIds')::uuid) end;
  found uuid[];
  sketches int := greatest(wanted * 3, 400);
begin
  perform knowledge.act_for(organization);
  if filter is not null then
    return query select c.id, c.embedding <=> query from knowledge.chunks c
    where c.organization_id = organization and c.knowledge_base_id = base and c.document_id is distinct from except_document
      and (labels is null or c.label = any (labels)) and (documents is null or c.document_id = any (documents)) and knowledge.fits(c, filter)
    order by 2, 1 limit wanted;
    return;
  end if;
  select t.chunks into size from knowledge.terms t where t.organization_id = organization and t.knowledge_base_id = base and t.term = '';
  if size > exact_up_to then
    select array_agg(s) into found from knowledge.sketched(organization, base, query, sketches) s;
  end if;
  if coalesce(cardinality(found), 0) < least(sketches, size) then
    select array_agg(s.chunk_id) into found from (
      select k.chunk_id from knowledge.chunk_keys k where k.organization_id = organization and k.knowledge_base_id = base
      order by (k.sketch <~> binary_quantize(query)::bit(512)) + 0 limit sketches
    ) s;
  end if;
  return query select c.id, c.embedding <=> query from unnest(found) s(chunk_id)
    join knowledge.chunks c on c.organization_id = organization and c.id = s.chunk_id
  where c.document_id is distinct from except_document
  order by 2, 1 limit wanted;
end $$;

drop function knowledge.candidates(uuid, uuid, vector, text[], text[], uuid, int, int, int);
-- The candidates of a hybrid search: the nearest by meaning and the best by words (the rarest words of the query only, as many as occur in
-- `max_postings` chunks together), with what is needed to weigh words: { terms: { term: chunks }, passages: [{ documentId, documentKey,
-- version, ordinal, start, end, title, text, label, similarity }] }. No similarity: the passage was embedded by another model.
create function knowledge.candidates(
  organization uuid, base uuid, query vector, words text[], terms text[], except_document uuid default null,
  max_near int default 60, max_worded int default 30, max_postings int default 1000, filter jsonb default null,
  embedded_by text default 'universal-sentence-encoder-lite-en'
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

  with near as materialized (
    select n.id from knowledge.near(organization, base, query, max_near, except_document, filter) n
  ), worded as materialized (
    select p.chunk_id as id
    from unnest(rare, weights) as wanted(word, weight) cross join lateral (
      select chunk_id, length from knowledge.postings
      where organization_id = organization and knowledge_base_id = base and postings.word = wanted.word limit max_postings
    ) p
    where filter is null or exists (
      select from knowledge.chunks c where c.organization_id = organization and c.id = p.chunk_id and knowledge.fits(c, filter))
    group by p.chunk_id, p.length
    order by sum(wanted.weight) / sqrt(p.length) desc, p.chunk_id limit max_worded
  )
  select jsonb_build_object('terms', known, 'passages', coalesce(jsonb_agg(jsonb_build_object(
    'documentId', c.document_id, 'documentKey', c.document_key, 'version', c.version, 'ordinal', c.ordinal, 'start', c.starts, 'end', c.ends,
    'title', c.title, 'text', c.text, 'label', c.label,
    'similarity', case when c.model = embedded_by then 1 - (c.embedding <=> query) end)), '[]'))
  into result
  from (select id from near union select id from worded) found
  join knowledge.chunks c on c.organization_id = organization and c.id = found.id
  where c.document_id is distinct from except_document;
  return result;
end $$;

-- Another model's embeddings say nothing about a new model's questions: those chunks are found by their words alone until they are put again.
create function knowledge.forget_embeddings(organization uuid, base uuid, current_model text) returns void language plpgsql as $$
begin
  perform knowledge.act_for(organization);
  delete from knowledge.chunk_keys k using knowledge.chunks c
  where c.organization_id = organization and c.knowledge_base_id = base and c.model <> current_model
    and k.organization_id = c.organization_id and k.chunk_id = c.id;
end $$;

grant execute on all functions in schema knowledge to workflow_app;
